from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.cleaning.language import language_of
from ingest.content import Content
from ingest.entries import Entry
from ingest.readers.listing_pages import ListingPages

PAGES = Path(__file__).parents[3] / "data" / "daily-papers"

TEXTS = [
    (
        "de",
        "Warme Öfen für kalte Küchen\nWir untersuchen, wie sich die Temperatur d"
        "es Ofens auf die Kruste von Sauerteigbrot auswirkt. Dazu wurden in dre"
        "i Bäckereien insgesamt 240 Brote gebacken und von erfahrenen Prüfern b"
        "ewertet. Die Ergebnisse zeigen, dass eine fallende Temperatur die Krus"
        "te deutlich verbessert.",
    ),
    (
        "fr",
        "De la soupe à l'échelle\nNous étudions l'effet du temps de cuisson sur "
        "le goût des soupes de légumes. Un modèle simple, ajusté sur des donnée"
        "s de 120 cuisines, prédit la note des dégustateurs mieux que les métho"
        "des précédentes. Nous discutons enfin les limites de cette approche.",
    ),
    (
        "es",
        "Pan de masa madre en altura\nEn este trabajo se analiza la fermentación"
        " de la masa madre a gran altitud. Se compararon doce panaderías y se m"
        "idió el volumen del pan después de cada horneado. Los resultados muest"
        "ran que la presión reduce el tiempo de levado de forma significativa.",
    ),
    (
        "it",
        "La zuppa e il suo tempo\nQuesto lavoro studia come il tempo di cottura "
        "influisce sul sapore della zuppa di verdure. Abbiamo raccolto i dati d"
        "i sessanta cucine e proponiamo un modello che prevede il giudizio degl"
        "i assaggiatori con un errore ridotto.",
    ),
    (
        "pt",
        "Fornos pequenos, pães grandes\nNeste artigo apresentamos um método para"
        " assar pães grandes em fornos pequenos. O método foi avaliado em vinte"
        " padarias e reduz o consumo de energia em cerca de trinta por cento, s"
        "em perda de qualidade da crosta.",
    ),
    (
        "nl",
        "Brood zonder haast\nWij onderzoeken hoe een langzame gisting de smaak v"
        "an brood verandert. In een veldproef met veertig bakkers bleek dat een"
        " koude rijs van vierentwintig uur de voorkeur van proevers duidelijk v"
        "erhoogt.",
    ),
    (
        "ru",
        "Хлеб на закваске\nВ работе исследуется влияние температуры печи на корк"
        "у хлеба на закваске. Мы провели опыты в трёх пекарнях и показали, что "
        "снижение температуры улучшает качество корки.",
    ),
    (
        "uk",
        "Хліб на заквасці\nУ роботі досліджено вплив температури печі на скоринк"
        "у хліба на заквасці. Ми провели досліди в трьох пекарнях і показали, щ"
        "о зниження температури поліпшує якість скоринки.",
    ),
    (
        "zh",
        "面包的发酵\n本文研究发酵温度对酸面包风味的影响。我们在三家面包店进行了"
        "实验,并提出了一种简单的模型来预测面包的体积。结果表明,低温发酵可以显"
        "著改善风味。",
    ),
    (
        "ja",
        "パンの発酵について\n本研究では、発酵温度がサワードウパンの風味に与える"
        "影響を調べた。三つのパン屋で実験を行い、体積を予測する簡単なモデルを提"
        "案する。",
    ),
    (
        "ko",
        "빵의 발효\n이 논문은 발효 온도가 사워도우 빵의 풍미에 미치는 "
        "영향을 연구한다. 세 곳의 빵집에서 실험을 수행하고 부피를 예측"
        "하는 간단한 모델을 제안한다.",
    ),
    (
        "ar",
        "تخمير الخبز\nتدرس هذه الورقة أثر درجة حرارة الفرن في قشرة الخبز. أجرينا"
        " تجارب في ثلاثة مخابز وبينا أن خفض الحرارة يحسن جودة القشرة بشكل واضح.",
    ),
    (
        "fa",
        "تخمیر نان\nدر این مقاله اثر دمای فر بر پوستهٔ نان ترش بررسی می‌شود. آزم"
        "ایش‌ها در سه نانوایی انجام شد و نشان داد که کاهش دما کیفیت پوسته را به"
        "بود می‌بخشد.",
    ),
    (
        "pl",
        "Chleb na zakwasie\nW pracy badamy wpływ temperatury pieca na skórkę chl"
        "eba na zakwasie. Przeprowadzono doświadczenia w trzech piekarniach i w"
        "ykazano, że obniżenie temperatury poprawia jakość skórki.",
    ),
    (
        "tr",
        "Ekşi mayalı ekmek\nBu çalışmada fırın sıcaklığının ekşi mayalı ekmeğin "
        "kabuğu üzerindeki etkisi incelenmiştir. Üç fırında yapılan deneyler, d"
        "üşük sıcaklığın kabuk kalitesini artırdığını göstermektedir.",
    ),
    (
        "sv",
        "Bröd utan brådska\nVi undersöker hur ugnens temperatur påverkar skorpan"
        " på surdegsbröd. Försök i tre bagerier visar att en sjunkande temperat"
        "ur förbättrar kvaliteten tydligt.",
    ),
    (
        "hi",
        "रोटी का किण्वन\nइस शोधपत्र में हम भट्ठी के तापमान का रोटी की परत पर प्र"
        "भाव का अध्ययन करते हैं। तीन बेकरियों में किए गए प्रयोग दिखाते हैं कि क"
        "म तापमान गुणवत्ता को बेहतर बनाता है।",
    ),
    (
        "id",
        "Roti dengan ragi alami\nPenelitian ini mengkaji pengaruh suhu oven terh"
        "adap kulit roti ragi alami. Percobaan dilakukan di tiga toko roti dan "
        "menunjukkan bahwa suhu yang lebih rendah meningkatkan mutu kulit roti.",
    ),
    (
        "cs",
        "Kváskový chléb\nV této práci zkoumáme vliv teploty pece na kůrku kvásko"
        "vého chleba. Pokusy ve třech pekárnách ukázaly, že klesající teplota z"
        "lepšuje kvalitu kůrky.",
    ),
    (
        "vi",
        "Bánh mì lên men\nBài báo này nghiên cứu ảnh hưởng của nhiệt độ lò đến v"
        "ỏ bánh mì lên men tự nhiên. Thí nghiệm tại ba tiệm bánh cho thấy nhiệt"
        " độ thấp cải thiện chất lượng vỏ bánh.",
    ),
    (
        "en",
        "On sums of k-th powers\nLet $f: \\mathbb{Z} \\to \\mathbb{Z}$ with $f(x)=\\"
        "sum_{i=1}^n a_i x^i$. We prove $\\|f\\|_p \\le C n^{1/p}$ for $p>2$.",
    ),
    (
        "en",
        "Levain: O(n log n) Bread\nWe bake. Levain rises in $O(n \\log n)$ time a"
        "nd beats SOTA on SoupBench, CrustQA and Ladle-1k by 3.2% mAP.",
    ),
    (
        "en",
        "Ising, XY and Heisenberg chains\nMonte Carlo simulation; T_c = 2.269; L"
        " = 8, 16, 32. Critical exponents nu = 1, beta = 1/8, gamma = 7/4 are c"
        "onfirmed.",
    ),
]


@pytest.mark.parametrize(("language", "text"), TEXTS)
def test_language(language: str, text: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Levain",
        "We study bread.",
        "10 20 30 40 50 60 70 80 90 100 110 120 130 140 150 160 170 180 190",
        "x = 3; y = 4; z = 5; f(x, y) -> g(z); a < b; c > d; k, l, m, n",
        "\ud800" * 100,
        "👩‍👩‍👧" * 50,
    ],
)
def test_too_short_or_unclear(text: str) -> None:
    assert language_of(text) is None


def test_a_translated_title_is_past() -> None:
    title = "On the rising of bread and the taste of soup with salt, from an oven"
    abstract = (
        "Wir untersuchen, wie sich die Temperatur des Ofens auf die Kruste von Brot auswirkt. "
    )
    assert language_of(f"{title}\n{abstract * 6}") == "de"


def test_shipped_papers_are_english() -> None:
    found = [
        language_of(f"{entry.title}\n{entry.abstract}")
        for page in sorted(PAGES.glob("*.txt"))
        for entry in ListingPages().read(Content(page.name, lambda page=page: page.open("rb")))
        if isinstance(entry, Entry)
    ]
    assert len(found) >= 365
    assert set(found) == {"en"}


@given(st.text(st.characters()))
def test_any_text(text: str) -> None:
    language = language_of(text * 20)
    assert language is None or len(language) == 2
