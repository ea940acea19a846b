from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from contents import content
from hypothesis import given
from hypothesis import strategies as st

from ingest.content import ContentError
from ingest.entries import Entry, Skipped
from ingest.readers.pubmed_xml import PubmedXml
from vectorstore.records import DatePrecision, Source

FILE = "pubmed.xml"


def read(text: str | bytes) -> list[Entry | Skipped]:
    return list(PubmedXml().read(content(text, FILE)))


def entry(title: str, abstract: str, line: int = 1, **details: object) -> Entry:
    return Entry(title, abstract, Source(FILE, line), **details)  # type: ignore[arg-type]


EXPORT = """<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2024//EN"
 "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_240101.dtd">
<PubmedArticleSet>
<PubmedArticle>
  <MedlineCitation Status="MEDLINE" IndexingMethod="Automated" Owner="NLM">
    <PMID Version="1">12345678</PMID>
    <DateCompleted><Year>2024</Year><Month>03</Month><Day>20</Day></DateCompleted>
    <DateRevised><Year>2024</Year><Month>04</Month><Day>01</Day></DateRevised>
    <Article PubModel="Print-Electronic">
      <Journal>
        <JournalIssue><PubDate><Year>2024</Year><Month>Mar</Month></PubDate></JournalIssue>
        <Title>Journal of Bread</Title>
        <ISOAbbreviation>J Bread</ISOAbbreviation>
      </Journal>
      <ArticleTitle>Salt in <i>bread</i>:
        H<sub>2</sub>O &amp; NaCl.</ArticleTitle>
      <ELocationID EIdType="pii" ValidYN="Y">S1</ELocationID>
      <ELocationID EIdType="doi" ValidYN="Y">10.1000/Salt.12</ELocationID>
      <Abstract>
        <AbstractText Label="BACKGROUND" NlmCategory="BACKGROUND">Soup needs
          <mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:mi>x</mml:mi></mml:math>
          salt.</AbstractText>
        <AbstractText Label="RESULTS">12 grams<sup>2</sup> are enough.</AbstractText>
        <AbstractText>More is too much.</AbstractText>
        <CopyrightInformation>© 2024 Bread.</CopyrightInformation>
      </Abstract>
      <AuthorList CompleteYN="Y">
        <Author ValidYN="Y"><LastName>Löwe</LastName><ForeName>Ada B</ForeName>
          <Initials>AB</Initials><Suffix>Jr</Suffix>
          <AffiliationInfo><Affiliation>Kitchen, Levain.</Affiliation></AffiliationInfo></Author>
        <Author ValidYN="N"><LastName>Lowe</LastName><ForeName>Ada</ForeName></Author>
        <Author ValidYN="Y"><LastName>Soup</LastName><Initials>J</Initials></Author>
        <Author ValidYN="Y"><CollectiveName>The Salt Group</CollectiveName></Author>
      </AuthorList>
      <ArticleDate DateType="Electronic">
        <Year>2024</Year><Month>02</Month><Day>03</Day></ArticleDate>
    </Article>
    <MeshHeadingList>
      <MeshHeading><DescriptorName UI="D1" MajorTopicYN="Y">Bread</DescriptorName>
        <QualifierName UI="Q1">analysis</QualifierName></MeshHeading>
    </MeshHeadingList>
    <KeywordList Owner="NOTNLM"><Keyword MajorTopicYN="N">table salt</Keyword></KeywordList>
  </MedlineCitation>
  <PubmedData>
    <ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.1000/other</ArticleId>
    </ArticleIdList></Reference></ReferenceList>
    <ArticleIdList><ArticleId IdType="pubmed">12345678</ArticleId></ArticleIdList>
  </PubmedData>
</PubmedArticle>
<PubmedArticle><MedlineCitation><PMID>2</PMID><Article>
  <ArticleTitle/><VernacularTitle>Brot</VernacularTitle>
  <Abstract><AbstractText>It rises.</AbstractText></Abstract>
  <Journal><JournalIssue><PubDate><MedlineDate>2023 Jan-Feb</MedlineDate></PubDate>
  </JournalIssue></Journal>
  </Article></MedlineCitation><PubmedData><ArticleIdList>
  <ArticleId IdType="doi">10.48550/arXiv.2301.00001</ArticleId></ArticleIdList></PubmedData>
</PubmedArticle>
<PubmedArticle><MedlineCitation><PMID>3</PMID><Article>
  <ArticleTitle>An editorial.</ArticleTitle></Article></MedlineCitation></PubmedArticle>
<PubmedBookArticle><BookDocument><PMID>4</PMID>
  <Book><BookTitle>All about bread</BookTitle><PubDate><Year>2020</Year></PubDate></Book>
  <ArticleTitle>Levain</ArticleTitle><Abstract><AbstractText>It is sour.</AbstractText></Abstract>
  </BookDocument></PubmedBookArticle>
<DeleteCitation><PMID>5</PMID></DeleteCitation>
</PubmedArticleSet>
"""


def test_export() -> None:
    assert PubmedXml().accepts(content(EXPORT))
    assert read(EXPORT) == [
        entry(
            "Salt in bread: H2O & NaCl.",
            "BACKGROUND: Soup needs x salt. RESULTS: 12 grams2 are enough. More is too much.",
            5,
            published=date(2024, 2, 3),
            updated=date(2024, 4, 1),
            authors=("Ada B Löwe Jr", "J Soup", "The Salt Group"),
            url="https://pubmed.ncbi.nlm.nih.gov/12345678/",
            doi="10.1000/salt.12",
            venue="Journal of Bread",
            categories=("table salt", "Bread"),
        ),
        entry(
            "Brot",
            "It rises.",
            51,
            published=date(2023, 1, 1),
            date_precision=DatePrecision.YEAR,
            url="https://pubmed.ncbi.nlm.nih.gov/2/",
            arxiv_id="2301.00001",
        ),
        Skipped(FILE, 59, 'a title without an abstract: "An editorial."', "3"),
        entry(
            "Levain",
            "It is sour.",
            61,
            published=date(2020, 1, 1),
            date_precision=DatePrecision.YEAR,
            url="https://pubmed.ncbi.nlm.nih.gov/4/",
            venue="All about bread",
        ),
    ]


def test_a_file_that_breaks_off() -> None:
    text = EXPORT[: EXPORT.index("An editorial")]
    reason = "XML that breaks off before its end"
    readings = read(text)
    assert readings[:-1] == read(EXPORT)[:2]
    assert readings[-1] == Skipped(FILE, 60, reason, ends_file=True)


@pytest.mark.parametrize(
    ("text", "is_pubmed"),
    [
        ("<PubmedArticleSet/>", True),
        ("<PubmedArticle>", True),
        ('<?xml version="1.0"?><!-- x --><PubmedBookArticleSet>', True),
        ("<html><PubmedArticleSet>", False),
        ("<feed>", False),
        ("", False),
    ],
)
def test_recognition(text: str, is_pubmed: bool) -> None:
    assert PubmedXml().accepts(content(text)) is is_pubmed


def one(number: int) -> str:
    return (
        f"<PubmedArticle><a><PMID>{number}</PMID><ArticleTitle>Salt</ArticleTitle>"
        "<Abstract><AbstractText>Soup.</AbstractText></Abstract></a></PubmedArticle>"
    )


# Elements that a record has, nested as no record has them.
ELEMENTS = st.recursive(
    st.text(alphabet="2024 Mar<>&", max_size=8).map(
        lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    ),
    lambda inner: st.tuples(
        st.sampled_from(
            "PMID Article ArticleTitle Abstract AbstractText Author AuthorList PubDate Year Month"
            " ArticleDate Journal JournalIssue DateRevised ELocationID PubmedArticle".split()
        ),
        st.lists(inner, max_size=3).map("".join),
    ).map(lambda element: f"<{element[0]} EIdType='doi'>{element[1]}</{element[0]}>"),
)


@given(ELEMENTS)
def test_the_records_around_any_other_are_read(inner: str) -> None:
    other = f"<PubmedArticle>{inner}</PubmedArticle>"
    first, *_, last = read(f"<PubmedArticleSet>{one(1)}{other}\n{one(2)}</PubmedArticleSet>")
    url = "https://pubmed.ncbi.nlm.nih.gov/{}/"
    assert first == entry("Salt", "Soup.", url=url.format(1))
    assert last == entry("Salt", "Soup.", 2, url=url.format(2))


@given(st.text() | st.binary())
def test_any_content_is_read(data: str | bytes) -> None:
    file = content(data if isinstance(data, bytes) else data.encode(errors="replace"), FILE)
    with suppress(ContentError):
        PubmedXml().accepts(file)
        assert all(isinstance(reading, Entry | Skipped) for reading in PubmedXml().read(file))
