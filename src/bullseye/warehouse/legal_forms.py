"""Names without what says the same of every firm: legal forms, accents, joining words.

The list is general knowledge of legal forms by country; no data set was asked.
"""

_ENDINGS = """
us gb ie ca au nz in: inc incorporated llc llp lllp lp ltd limited plc corp corporation co company
  pllc pc unlimited ulc dac clg uc pty proprietary pvt private nl cic lc
de at ch li: gmbh mbh ag kg kgaa ohg gbr ug ek ev eg se co haftungsbeschrankt gesmbh
  kommanditgesellschaft aktiengesellschaft
fr be lu mc: sa sas sasu sarl eurl sci snc scs sca selarl scop sprl srl bvba gie societe anonyme
nl: bv nv vof cv
it: spa srl srls sapa sas snc scarl scrl
es ar mx cl co pe: sl slu sa sau sad sac saa srl spa eirl cv rl sab sapi sc slne scoop ltda
pt br: lda ltda sa sgps eireli epp
se no dk fi is: ab publ as asa ans aps oy oyj ky hb kb ehf hf ba amba ivs
pl cz sk hu: sp zoo oo z o o sa sro as spol vos kft zrt nyrt bt rt
ro bg gr: srl sa ood eood ad ead ae epe ike oe
hr si rs ba: doo dd jdoo
ru ua by kz: ooo oao pao zao ao too tov llc pat prat jsc ojsc cjsc pjsc
ee lv lt: ou as sia uab
tr: as sti ltd tic san
il: ltd bm
jp: kk gk yk kabushiki kaisha
kr cn tw hk sg my id th vn ph: co ltd pte sdn bhd pt tbk pcl jsc
za ng ke ae: pty npc cc soc fze fzco fzc dmcc fzllc pjsc
"""
_BEGINNINGS = "ooo oao pao zao ao too tov pt sc sia uab ou ооо оао пао зао ао тоо тов"  # noqa: RUF001
_WRITTEN_ON = (
    "株式会社|有限会社|合同会社|有限责任公司|股份有限公司|有限公司|股份公司|주식회사|유한회사"
    "|[(\uff08]주[)\uff09]"
)
_JOINING = "and|und|et|og|och|y|e|i|en"
_PLAIN = {"ß": "ss", "ø": "o", "Ø": "o", "æ": "ae", "Æ": "ae", "œ": "oe", "ł": "l", "Ł": "l"}


def _forms() -> str:
    words = {
        word for line in _ENDINGS.splitlines() for word in line.rpartition(":")[2].split() if word
    }
    return "|".join(sorted(words - {"z", "o", "e"}, key=lambda word: (-len(word), word)))


_FORMS = (
    f"{_forms()}|sp z oo|sp z o o|l l c|s a|g m b h|a s|s r o|s r l|s p a|k k|b v|n v|l t d|p l c"
)


def plain_name(column: str) -> str:
    """Return the SQL of a name in its plainest form; NULL where nothing is left.

    Case, accents, punctuation, a leading "the", joining words ("and", "&", "und" …) and legal
    forms of many countries are gone. What is left is never only a part of a name's first word.
    """
    text = f"lower(strip_accents({column}))"
    for written, plain in _PLAIN.items():
        text = f"replace({text}, '{written.lower()}', '{plain}')"
    text = f"regexp_replace({text}, '{_WRITTEN_ON}', ' ', 'g')"
    text = f"regexp_replace({text}, '[''\u2019`.]', '', 'g')"
    text = f"trim(regexp_replace({text}, '[^\\p{{L}}\\p{{N}}]+', ' ', 'g'))"
    text = f"regexp_replace({text}, '^the ', '')"
    text = f"regexp_replace({text}, '( ({_FORMS}|and|und|et|og|och))+$', '')"
    text = f"regexp_replace({text}, '^(({'|'.join(_BEGINNINGS.split())}) )+', '')"
    # Twice, since two joining words in a row share the blank between them.
    for _ in range(2):
        text = f"regexp_replace({text}, ' ({_JOINING}) ', ' ', 'g')"
    return f"nullif(trim({text}), '')"
