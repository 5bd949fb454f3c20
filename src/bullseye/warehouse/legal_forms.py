"""Names without what says the same of every firm: legal forms, accents, joining words, alphabets.

The list is general knowledge of legal forms by country; no data set was asked.
"""

from bullseye.warehouse.letters import in_latin

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
_BEGINNINGS = "ooo oao pao zao ao too tov pat prat pt sc sia uab ou llc jsc ojsc cjsc pjsc"
_IN_WORDS = """
(open |closed |public |private )?joint stock company
limited liability (company|partnership)
(public|private) limited company
aktiengesellschaft
gesellschaft mit beschrankter haftung
kommanditgesellschaft
eingetragene genossenschaft
societe (anonyme|par actions simplifiee|a responsabilite limitee)
sociedad (anonima( de capital variable)?|limitada|de responsabilidad limitada)
sociedade (anonima|limitada|por quotas)
societa (per azioni|a responsabilita limitata|cooperativa)
(naamloze|besloten) vennootschap
(publikt )?aktiebolag
aktieselskab
anpartsselskab
(allmenn)?aksjeselskap
(julkinen )?osakeyhtio
spolka (akcyjna|z ograniczona odpowiedzialnoscia|z oo)
akciova spolecnost
spolecnost s rucenim omezenym
reszvenytarsasag
korlatolt felelossegu tarsasag
drustvo s ogranicenom odgovornoscu
dionicko drustvo
aktsiaselts
osauhing
(uzdaroji )?akcine bendrove
ribotos atsakomybes bendrove
akciju sabiedriba
sabiedriba ar ierobezotu atbildibu
(anonim|limited) sirketi
((publichnoy?e|otkrytoy?e|zakrytoy?e|nepublichnoy?e) )?aktsionernoy?e obshchestvo
obshchestvo s ogranichenno[iy] otvetstvennost[iy]u
((publichne|privatne|vidkrite|zakrite) )?aktsionerne tov[ay]ristvo
tovaristvo z obmezhenoyu vidpovidalnistyu
perseroan terbatas
sendirian berhad
"""
_GROUP = (
    "group|holdings?|gruppe|groupe|grupo|gruppo|grupp|grupa|gruppen|groep|concern|konzern|koncern"
    "|kontsern"
)
_NOTHING = "company|firm|unknown|none|test|n a"
"""Names that name nobody: what people write where a field must not stay empty."""
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
    text = in_latin(text)
    text = f"regexp_replace({text}, '{_WRITTEN_ON}', ' ', 'g')"
    text = f"regexp_replace({text}, '[''\u2019`.]', '', 'g')"
    text = f"trim(regexp_replace({text}, '[^\\p{{L}}\\p{{N}}]+', ' ', 'g'))"
    text = f"regexp_replace({text}, '^the ', '')"
    words = "|".join(_IN_WORDS.split("\n")[1:-1])
    text = f"regexp_replace({text}, '^(({words}) )+|( ({words}))+$', '', 'g')"
    text = f"regexp_replace({text}, '( ({_FORMS}|and|und|et|og|och))+$', '')"
    text = f"regexp_replace({text}, '^(({'|'.join(_BEGINNINGS.split())}) )+', '')"
    # Twice, since two joining words in a row share the blank between them.
    for _ in range(2):
        text = f"regexp_replace({text}, ' ({_JOINING}) ', ' ', 'g')"
    return f"nullif(regexp_replace(trim({text}), '^({_NOTHING})$', ''), '')"


def short_name(column: str, plain: str) -> str:
    """Return the SQL of a name in its plainest form, without what tells a group from its parts.

    `plain` is the SQL of its `plain_name`, which is not made anew where it need not.

    Words such as group and holding, a name's own web ending (.com) and its initials in brackets
    are gone. A group and its parts are several accounts in some workspaces, so this is a weaker
    sign than `plain_name`.
    """
    bare = f"regexp_replace({column}, '[.](com|net|org)([^a-zA-Z]|$)', ' ', 'i')"
    bare = f"regexp_replace({bare}, '[(][A-Z][A-Z0-9-]{{2,9}}[)] *$', '')"
    changed = f"regexp_matches({column}, '[.][a-zA-Z]|[)] *$')"
    text = f"CASE WHEN {changed} THEN {plain_name(bare)} ELSE {plain} END"
    text = f"regexp_replace({text}, '( ({_GROUP}))+$', '')"
    text = f"regexp_replace({text}, '^({_GROUP}) ', '')"
    return f"nullif(trim({text}), '')"
