from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.spelling_variants import MAX_LETTERS, variants

PAIRS = """
colour color, colours colors, colourful colorful, discolouration discoloration
behaviour behavior, behavioural behavioral, neighbours neighbors, neighbourhood neighborhood
favourite favorite, tumour tumor, tumours tumors, odourless odorless, honourable honorable
generalise generalize, generalisation generalization, organisational organizational
optimiser optimizer, optimised optimized, optimising optimizing, parallelisable parallelizable
analyse analyze, analysed analyzed, analyser analyzer, paralysing paralyzing
centre center, centres centers, centred centered, centring centering, fibre fiber, litres liters
catalogue catalog, dialogues dialogs, analogue analog, catalogued cataloged
labelling labeling, modelled modeled, modeller modeler, travelling traveling, fuelled fueled
marvellous marvelous, counsellors counselors, woollen woolen, jewellery jewelry
fulfil fulfill, enrolment enrollment, instalments installments, skilful skillful
defence defense, licences licenses, defenceless defenseless, practised practiced
paediatric pediatric, orthopaedic orthopedic, encyclopaedia encyclopedia
anaemia anemia, ischaemic ischemic, leukaemia leukemia, haemoglobin hemoglobin
anaesthesia anesthesia, aesthetic esthetic, archaeology archeology, aetiology etiology
faecal fecal, caesarean cesarean, mediaeval medieval
oestrogen estrogen, oesophageal esophageal, oedema edema, foetus fetus, coeliac celiac
diarrhoea diarrhea, apnoea apnea, manoeuvre maneuver, manoeuvring maneuvering
sulphur sulfur, disulphide disulfide, grey gray, greyscale grayscale
aluminium aluminum, programme program, programmes programs, mould mold, smouldering smoldering
plough plow, tyres tires, sceptical skeptical, artefacts artifacts, judgement judgment
ageing aging, usable useable, discs disks, enquiry inquiry, focussed focused, maths math
anaesthetised anesthetized, decolourise decolorize, haemodialyse hemodialyze
"""


@pytest.mark.parametrize("pair", PAIRS.replace("\n", ",").split(","))
def test_both_ways(pair: str) -> None:
    if pair:
        british, american = pair.split()
        assert american in variants(british)
        assert british in variants(american)


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("", ()),
        ("attention", ()),
        ("learning", ()),
        ("size", ()),
        ("four", ()),
        ("hours", ()),
        ("filling", ()),
        ("compiling", ("compilling",)),
        ("optimisation", ("optimization",)),
        ("centred", ("centered",)),
        ("anaesthetise", ("anaesthetize", "anesthetise", "anesthetize")),
        ("o" * MAX_LETTERS + "our", ()),
        ("模型", ()),
    ],
)
def test_all_forms(word: str, forms: tuple[str, ...]) -> None:
    assert variants(word) == forms


@given(st.text("aeoulrsizngcdmpht", max_size=MAX_LETTERS))
def test_never_the_word_itself_and_none_twice(word: str) -> None:
    forms = variants(word)
    assert word not in forms
    assert len(set(forms)) == len(forms)
    assert variants(word) == forms


@given(st.text())
def test_any_text(word: str) -> None:
    assert word not in variants(word)
