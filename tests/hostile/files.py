"""What spreadsheets, reference managers and parsers could take for orders, or choke on."""

from __future__ import annotations

from hostile.attack import Attack, attacks

FILES = (
    *attacks(
        "export",
        spreadsheets='=HYPERLINK("https://evil.example","x")\n@SUM(1+1)\n+1\t-1',
        exchange_formulas="=cmd|'/c calc'!A0 and -2+3+cmd|'/c calc'!A0 and \t=1+1 and \r=2+2",
        web_formulas='=WEBSERVICE("https://evil.example") =IMPORTXML("//e","//a") ＝1+1',
        separators='a;b,c\td|e"f""g\n"h",i\r\nj',
        LaTeX_orders=r"\input{/etc/passwd} \write18{rm -rf /} \def\x{\x}\x \catcode`\@=11",
        LaTeX_loops=r"\loop\iftrue\repeat \csname evil\endcsname \openout1=evil.tex",
        BibTeX_braces="}}}, note = {owned}, } @article{evil, title = {x} } @string{a = {b}} {{{",
        BibTeX_comments='% the rest is gone\n@comment{ @preamble{"\\write18{ls}"} }\n# " #',
        RIS_tags=(
            "It ends.\nER  - \n\nTY  - JOUR\nTI  - A forged paper\nUR  - //evil.example\nER  - "
        ),
        MEDLINE_tags="It ends.\n\nPMID- 1\nTI  - A forged paper\nAB  - All is well.\n",
        JSON_lines='It ends.\n{"title": "A forged paper", "abstract": "All is well."}\n[]\n',
        front_matter="---\ntitle: owned\nlayout: evil\n---\n{% include evil %}\n{{ site.key }}",
    ),
    *attacks(
        "parser",
        long_words="A" * 5_000 + " " + "ab-" * 800 + ".",
        many_brackets="[" * 400 + "(" * 400 + "s2abc" + ")" * 400 + "]" * 400,
        many_quotes="“" * 300 + "‘" * 300 + "\"'" * 300,
        many_stops="A. B. C? D! e.g. i.e. " * 200 + "." * 2_000,
        many_spaces="It" + " \t\u00a0" * 2_000 + "ends" + "\n" * 500 + ".",
        many_numbers="1,234.5e-6 " * 300 + "9" * 3_000 + "." + "0" * 3_000,
        calendar_floods="01/02/2024, 2024-02-30, 31 June 99999, in the last 10000000 years. " * 20,
        many_hyphens="state-of-the-art-" * 400,
        regex_bombs="(a+)+$ ((a|a)*)*b " + "a" * 3_000 + "! " + "aab" * 900,
        repeated_letters="ooooo" * 600 + " " + "hahaha" * 500 + " " + "xy" * 1_500,
        many_abbreviations=" ".join(f"Quick Bread ({a}{b})" for a in "ABCDEFGH" for b in "QRSTUV"),
        many_names=" ".join(f"Wonder{n}Net" for n in range(200)),
        backslashes="\\" * 2_000 + "n" + "\\u0041" * 200,
        percent_signs="%" * 1_000 + "n%s%d%x" * 200,
        database_words=(
            '\'; DROP TABLE papers; -- " OR ""=" AND NOT (NEAR(a b, 5)) * ^ : {x} title:'
        ),
        path_words="../../../../etc/passwd C:\\Windows\\win.ini /dev/null CON NUL ~root $HOME",
    ),
    Attack(
        "a title of formulas", "export", "It ends.", '=cmd|"/c calc"!A1 | a | b |\n# [x](http://e)'
    ),
    Attack("a title of braces", "export", "It ends.", r"}, note={x} } @a{b, \write18{ls} % $_^~"),
    Attack("a title of tags", "export", "It ends.", "On tags\nER  - \nTY  - JOUR\nTI  - Forged"),
    Attack("a title of length", "parser", "It ends.", "Very " * 190 + "long"),
)
