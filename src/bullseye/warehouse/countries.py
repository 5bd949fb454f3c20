"""Countries as people write them, and the two letters ISO 3166-1 gives them."""

import unicodedata
from functools import cache
from typing import Final

_TABLE: Final = """
AF AFG Afghanistan
AX ALA Åland Islands
AL ALB Albania|Albanien|Albanie
DZ DZA Algeria|Algerien|Algérie|Argelia
AS ASM American Samoa
AD AND Andorra
AO AGO Angola
AI AIA Anguilla
AQ ATA Antarctica
AG ATG Antigua and Barbuda|Antigua
AR ARG Argentina|Argentinien|Argentine|Argentinia
AM ARM Armenia|Armenien
AW ABW Aruba
AU AUS Australia|Australien|Australie|Commonwealth of Australia
AT AUT Austria|Österreich|Oesterreich|Autriche|Oostenrijk|Áustria
AZ AZE Azerbaijan
BS BHS Bahamas|The Bahamas
BH BHR Bahrain
BD BGD Bangladesh|Bangladesch
BB BRB Barbados
BY BLR Belarus|Weißrussland|Biélorussie
BE BEL Belgium|Belgien|Belgique|Bélgica|België|Belgio
BZ BLZ Belize
BJ BEN Benin|Bénin
BM BMU Bermuda
BT BTN Bhutan
BO BOL Bolivia|Bolivia, Plurinational State of|Bolivien|Bolivia (Plurinational State of)
BQ BES Bonaire, Sint Eustatius and Saba|Bonaire|Caribbean Netherlands
BA BIH Bosnia and Herzegovina|Bosnia|Bosnia & Herzegovina|Bosnien und Herzegowina
BW BWA Botswana
BV BVT Bouvet Island
BR BRA Brazil|Brasil|Brasilien|Brésil|Brasile|Brazilië
IO IOT British Indian Ocean Territory
BN BRN Brunei Darussalam|Brunei
BG BGR Bulgaria|Bulgarien|Bulgarie
BF BFA Burkina Faso
BI BDI Burundi
CV CPV Cabo Verde|Cape Verde
KH KHM Cambodia|Kambodscha
CM CMR Cameroon|Cameroun|Kamerun
CA CAN Canada|Kanada|Canadá
KY CYM Cayman Islands
CF CAF Central African Republic
TD TCD Chad|Tchad
CL CHL Chile|Chili
CN CHN China|PRC|PR China|P.R. China|People's Republic of China|Mainland China|Chine|Cina|Peoples Republic of China
CX CXR Christmas Island
CC CCK Cocos (Keeling) Islands|Cocos Islands
CO COL Colombia|Kolumbien|Colombie|Columbia
KM COM Comoros
CG COG Congo|Republic of the Congo|Congo-Brazzaville|Congo, Republic of the
CD COD Congo, Democratic Republic of the|Democratic Republic of the Congo|DR Congo|DRC|Congo-Kinshasa|Congo (Democratic Republic)
CK COK Cook Islands
CR CRI Costa Rica
CI CIV Côte d'Ivoire|Ivory Coast|Elfenbeinküste
HR HRV Croatia|Kroatien|Croatie|Hrvatska|Croacia
CU CUB Cuba|Kuba
CW CUW Curaçao
CY CYP Cyprus|Zypern|Chypre
CZ CZE Czechia|Czech Republic|The Czech Republic|Tschechien|Tschechische Republik|République tchèque|Česko|República Checa
DK DNK Denmark|Dänemark|Danemark|Dinamarca|Danmark|Denemarken
DJ DJI Djibouti
DM DMA Dominica
DO DOM Dominican Republic|República Dominicana
EC ECU Ecuador|Équateur
EG EGY Egypt|Ägypten|Égypte|Egipto
SV SLV El Salvador
GQ GNQ Equatorial Guinea
ER ERI Eritrea
EE EST Estonia|Estland|Estonie|Eesti
SZ SWZ Eswatini|Swaziland
ET ETH Ethiopia|Äthiopien
FK FLK Falkland Islands|Falkland Islands (Malvinas)
FO FRO Faroe Islands
FJ FJI Fiji
FI FIN Finland|Finnland|Finlande|Finlandia|Suomi
FR FRA France|Frankreich|Francia|Frankrijk|França|French Republic
GF GUF French Guiana
PF PYF French Polynesia
TF ATF French Southern Territories
GA GAB Gabon
GM GMB Gambia|The Gambia
GE GEO Georgia|Georgien
DE DEU Germany|Deutschland|Allemagne|Alemania|Federal Republic of Germany|Duitsland|Germania|Alemanha|GER|BRD|Bundesrepublik Deutschland|Germnay|Gemany
GH GHA Ghana
GI GIB Gibraltar
GR GRC Greece|Griechenland|Grèce|Grecia|Hellas|Griekenland
GL GRL Greenland|Grönland
GD GRD Grenada
GP GLP Guadeloupe
GU GUM Guam
GT GTM Guatemala
GG GGY Guernsey
GN GIN Guinea|Guinée
GW GNB Guinea-Bissau
GY GUY Guyana
HT HTI Haiti|Haïti
HM HMD Heard Island and McDonald Islands
VA VAT Holy See|Vatican City|Vatican
HN HND Honduras
HK HKG Hong Kong|Hongkong|Hong Kong SAR|Hong Kong SAR China|Hong Kong, China|Hong Kong S.A.R.
HU HUN Hungary|Ungarn|Hongrie|Hungría|Magyarország
IS ISL Iceland|Island|Islande
IN IND India|Indien|Inde|Bharat|Republic of India
ID IDN Indonesia|Indonesien|Indonésie
IR IRN Iran|Iran, Islamic Republic of|Islamic Republic of Iran|Iran (Islamic Republic of)
IQ IRQ Iraq|Irak
IE IRL Ireland|Irland|Irlande|Irlanda|Republic of Ireland|Éire|Ierland
IM IMN Isle of Man
IL ISR Israel|Israël
IT ITA Italy|Italien|Italie|Italia|Italië
JM JAM Jamaica|Jamaika
JP JPN Japan|Japon|Japón|Giappone|Nippon|Japão
JE JEY Jersey
JO JOR Jordan|Jordanien|Jordanie
KZ KAZ Kazakhstan|Kasachstan|Kazakstan
KE KEN Kenya|Kenia
KI KIR Kiribati
KP PRK Korea, Democratic People's Republic of|North Korea|Nordkorea|DPRK|Democratic People's Republic of Korea
KR KOR Korea, Republic of|South Korea|Korea|Republic of Korea|Südkorea|Corée du Sud|Corea del Sur|Korea, South|S. Korea|Korea (South)|Korea Republic
XK XKX Kosovo
KW KWT Kuwait
KG KGZ Kyrgyzstan|Kirgisistan|Kyrgyz Republic
LA LAO Laos|Lao People's Democratic Republic|Lao PDR
LV LVA Latvia|Lettland|Lettonie|Latvija
LB LBN Lebanon|Libanon|Liban
LS LSO Lesotho
LR LBR Liberia
LY LBY Libya|Libyen|Libyan Arab Jamahiriya
LI LIE Liechtenstein
LT LTU Lithuania|Litauen|Lituanie|Lietuva
LU LUX Luxembourg|Luxemburg|Luxemburgo|Luxemborg
MO MAC Macao|Macau|Macao SAR
MG MDG Madagascar|Madagaskar
MW MWI Malawi
MY MYS Malaysia|Malaisie|Malasia
MV MDV Maldives|Malediven
ML MLI Mali
MT MLT Malta|Malte
MH MHL Marshall Islands
MQ MTQ Martinique
MR MRT Mauritania
MU MUS Mauritius
YT MYT Mayotte
MX MEX Mexico|México|Mexiko|Mexique|Messico|Méjico
FM FSM Micronesia|Micronesia, Federated States of|Federated States of Micronesia
MD MDA Moldova|Moldova, Republic of|Republic of Moldova|Moldawien
MC MCO Monaco
MN MNG Mongolia|Mongolei
ME MNE Montenegro
MS MSR Montserrat
MA MAR Morocco|Marokko|Maroc|Marruecos
MZ MOZ Mozambique|Mosambik|Moçambique
MM MMR Myanmar|Burma|Birma
NA NAM Namibia
NR NRU Nauru
NP NPL Nepal
NL NLD Netherlands|The Netherlands|Holland|Niederlande|Pays-Bas|Países Bajos|Nederland|Netherland|Paesi Bassi|Kingdom of the Netherlands|Países Baixos|Netherlands, Kingdom of the
NC NCL New Caledonia
NZ NZL New Zealand|Neuseeland|Nouvelle-Zélande|Nueva Zelanda|Aotearoa|Newzealand
NI NIC Nicaragua
NE NER Niger
NG NGA Nigeria
NU NIU Niue
NF NFK Norfolk Island
MK MKD North Macedonia|Macedonia|FYROM|Republic of North Macedonia|Nordmazedonien|Macedonia, the former Yugoslav Republic of
MP MNP Northern Mariana Islands
NO NOR Norway|Norwegen|Norvège|Noruega|Norge|Noorwegen|Norvegia
OM OMN Oman
PK PAK Pakistan
PW PLW Palau
PS PSE Palestine, State of|Palestine|State of Palestine|Palestinian Territory|Palestinian Territories
PA PAN Panama|Panamá
PG PNG Papua New Guinea
PY PRY Paraguay
PE PER Peru|Perú|Pérou
PH PHL Philippines|The Philippines|Philipines|Phillippines|Phillipines|Philippinen|Filipinas|Pilipinas
PN PCN Pitcairn
PL POL Poland|Polen|Pologne|Polonia|Polska|Polônia
PT PRT Portugal|Portogallo
PR PRI Puerto Rico
QA QAT Qatar|Katar
RE REU Réunion
RO ROU Romania|Rumänien|Roumanie|Rumania|România
RU RUS Russia|Russian Federation|Russland|Russie|Rusia|Rossija
RW RWA Rwanda|Ruanda
BL BLM Saint Barthélemy
SH SHN Saint Helena, Ascension and Tristan da Cunha|Saint Helena
KN KNA Saint Kitts and Nevis|St. Kitts and Nevis|St Kitts & Nevis
LC LCA Saint Lucia|St. Lucia
MF MAF Saint Martin (French part)|Saint Martin
PM SPM Saint Pierre and Miquelon
VC VCT Saint Vincent and the Grenadines|St. Vincent and the Grenadines
WS WSM Samoa
SM SMR San Marino
ST STP Sao Tome and Principe|São Tomé and Príncipe
SA SAU Saudi Arabia|KSA|Kingdom of Saudi Arabia|Saudi-Arabien|Arabie saoudite|Arabia Saudita
SN SEN Senegal|Sénégal
RS SRB Serbia|Serbien|Serbie|Srbija
SC SYC Seychelles|Seychellen
SL SLE Sierra Leone
SG SGP Singapore|Singapur|Singapour|Republic of Singapore|Singapura
SX SXM Sint Maarten (Dutch part)|Sint Maarten
SK SVK Slovakia|Slovak Republic|Slowakei|Slovaquie|Slovensko|Eslovaquia
SI SVN Slovenia|Slowenien|Slovénie|Slovenija|Eslovenia
SB SLB Solomon Islands
SO SOM Somalia
ZA ZAF South Africa|RSA|Südafrika|Afrique du Sud|Sudáfrica|Republic of South Africa|Zuid-Afrika
GS SGS South Georgia and the South Sandwich Islands|South Georgia
SS SSD South Sudan
ES ESP Spain|Spanien|Espagne|España|Spanje|Spagna|Espanha|Espana|Kingdom of Spain
LK LKA Sri Lanka
SD SDN Sudan
SR SUR Suriname|Surinam
SJ SJM Svalbard and Jan Mayen
SE SWE Sweden|Schweden|Suède|Suecia|Sverige|Zweden|Svezia|Suécia
CH CHE Switzerland|Schweiz|Suisse|Suiza|Svizzera|Zwitserland|Suíça|Die Schweiz|Switerland|Swizerland|Swiss Confederation
SY SYR Syria|Syrian Arab Republic|Syrien
TW TWN Taiwan|Taiwan, Province of China|Republic of China|Taiwan, ROC|Taiwan (ROC)|Chinese Taipei
TJ TJK Tajikistan
TZ TZA Tanzania|Tanzania, United Republic of|United Republic of Tanzania|Tansania
TH THA Thailand|Thaïlande|Tailandia
TL TLS Timor-Leste|East Timor
TG TGO Togo
TK TKL Tokelau
TO TON Tonga
TT TTO Trinidad and Tobago|Trinidad & Tobago|Trinidad
TN TUN Tunisia|Tunesien|Tunisie|Túnez
TR TUR Türkiye|Turkey|Türkei|Turquie|Turquía|Turkiye|Turchia|Turkije|Republic of Turkey
TM TKM Turkmenistan
TC TCA Turks and Caicos Islands|Turks & Caicos Islands
TV TUV Tuvalu
UG UGA Uganda|Ouganda
UA UKR Ukraine|Ucrania|Ukraina|The Ukraine|Ucraina
AE ARE United Arab Emirates|UAE|U.A.E.|Emirates|Vereinigte Arabische Emirate|Émirats arabes unis|Emiratos Árabes Unidos|Dubai|Abu Dhabi
GB GBR United Kingdom|UK|U.K.|Great Britain|Britain|England|Scotland|Wales|Northern Ireland|Vereinigtes Königreich|Großbritannien|Grossbritannien|Royaume-Uni|Reino Unido|Regno Unito|United Kingdom of Great Britain and Northern Ireland|The United Kingdom|Verenigd Koninkrijk|Gran Bretaña|Grande-Bretagne|UK of GB|United Kindom|Untied Kingdom|England, UK|Angleterre|Inglaterra
US USA United States|United States of America|U.S.A.|U.S.|The United States|The United States of America|America|Vereinigte Staaten|Vereinigte Staaten von Amerika|États-Unis|États-Unis d'Amérique|Estados Unidos|Estados Unidos de América|EE.UU.|EEUU|Stati Uniti|Verenigde Staten|U.S. of A.|United State|Untied States|United Sates|Unites States|EUA|US of A|USofA|United States (US)|United States of America (USA)
UM UMI United States Minor Outlying Islands|US Minor Outlying Islands
UY URY Uruguay
UZ UZB Uzbekistan|Usbekistan
VU VUT Vanuatu
VE VEN Venezuela|Venezuela, Bolivarian Republic of|Venezuela (Bolivarian Republic of)
VN VNM Viet Nam|Vietnam|Viêt Nam
VG VGB Virgin Islands (British)|British Virgin Islands|Virgin Islands, British
VI VIR Virgin Islands (U.S.)|US Virgin Islands|U.S. Virgin Islands|Virgin Islands, U.S.
WF WLF Wallis and Futuna
EH ESH Western Sahara
YE YEM Yemen|Jemen
ZM ZMB Zambia|Sambia
ZW ZWE Zimbabwe|Simbabwe
"""  # noqa: E501 - one country a line reads best


def country_code(text: str) -> str | None:
    """Return the ISO 3166-1 alpha-2 code that a country's name or code means, or None.

    Case, accents, dots and spacing make no difference. Two and three letters are read as ISO
    codes first ("UK" and a few like it are aliases).

    >>> country_code("Deutschland"), country_code("U.S.A."), country_code("philipines")
    ('DE', 'US', 'PH')
    >>> country_code("Atlantis") is None
    True
    """
    return _aliases().get(_folded(text))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).casefold().replace("&", " and ")
    return "".join(letter for letter in plain if letter.isalnum())


@cache
def _aliases() -> dict[str, str]:
    aliases: dict[str, str] = {}
    for line in _TABLE.strip().splitlines():
        alpha2, alpha3, names = line.split(" ", maxsplit=2)
        for name in (alpha2, alpha3, *names.split("|")):
            aliases.setdefault(_folded(name), alpha2)
    return aliases
