"""Names and job titles of contacts, by language; every letter exists in Windows-1252."""

from typing import NamedTuple


class Language(NamedTuple):
    """How people are named in a language, and how their titles are written.

    `titles` has one pattern per level, `functions` one word per function, in the order of
    `LEVELS` and `FUNCTIONS`.
    """

    given: tuple[str, ...]
    family: tuple[str, ...]
    titles: tuple[str, ...]
    functions: tuple[str, ...]


LEVELS = ("specialist", "manager", "head", "vp", "chief")
FUNCTIONS = ("success", "operations", "finance", "it", "sales", "marketing")

LANGUAGES: dict[str, Language] = {
    "en": Language(
        ("Emma", "James", "Olivia", "Noah", "Ava", "Liam", "Sophia", "Ethan", "Chloe", "Ryan"),
        ("Smith", "Johnson", "Brown", "Taylor", "O'Neill", "Wilson", "Clark", "Walker", "Young"),
        ("{} Specialist", "{} Manager", "Head of {}", "VP {}", "Chief {} Officer"),
        ("Customer Success", "Operations", "Finance", "Information", "Sales", "Marketing"),
    ),
    "de": Language(
        ("Anna", "Jürgen", "Sabine", "Björn", "Käthe", "Lukas", "Heike", "Stefan", "Jörg"),
        ("Müller", "Schmidt", "Weiß", "Schäfer", "Köhler", "Vogel", "Krüger", "von der Heide"),
        ("Referent {}", "{}-Manager", "Leiter {}", "Bereichsleiter {}", "Geschäftsführer {}"),
        ("Kundenbetreuung", "Betrieb", "Finanzen", "IT", "Vertrieb", "Marketing"),
    ),
    "fr": Language(
        ("Chloé", "François", "Hélène", "Loïc", "Aurélie", "Benoît", "Inès", "Étienne"),
        ("Dupont", "Lefèvre", "Moreau", "Garnier", "Besançon", "Léger", "Roux", "d'Aubigné"),
        (
            "Chargé {}",
            "Chef de projet {}",
            "Responsable {}",
            "Directeur {}",
            "Directeur général {}",
        ),
        ("Relation client", "Opérations", "Finances", "Informatique", "Ventes", "Marketing"),
    ),
    "es": Language(
        ("Lucía", "Álvaro", "María", "Íñigo", "Carmen", "Andrés", "Sofía", "José"),
        ("García", "Muñoz", "Fernández", "Ibáñez", "Pérez", "Núñez", "Romero", "de la Cruz"),
        ("Técnico de {}", "Gestor de {}", "Responsable de {}", "Director de {}", "CEO y {}"),
        ("Clientes", "Operaciones", "Finanzas", "Sistemas", "Ventas", "Marketing"),
    ),
    "nl": Language(
        ("Sanne", "Daan", "Fleur", "Joost", "Anouk", "Bram", "Lotte", "Ruben"),
        ("de Vries", "Jansen", "van den Berg", "Bakker", "Visser", "Smit", "Mulder"),
        ("Medewerker {}", "{}manager", "Hoofd {}", "Directeur {}", "Algemeen directeur {}"),
        ("Klantrelaties", "Operatie", "Financiën", "ICT", "Verkoop", "Marketing"),
    ),
    "sv": Language(
        ("Åsa", "Björn", "Maja", "Göran", "Elin", "Håkan", "Linnéa", "Oskar"),
        ("Andersson", "Åberg", "Öberg", "Lindström", "Nyström", "Sjögren", "Ek"),
        ("{}specialist", "{}ansvarig", "{}chef", "Vice VD {}", "VD {}"),
        ("Kund", "Drift", "Ekonomi", "IT", "Försäljnings", "Marknads"),
    ),
}
"""Languages of the market; countries say which one their people write in."""

EMPTY_TITLES = ("n/a", "-", ".", "open to work", "Dr.", "?")
FREE_MAIL = ("gmail.com", "outlook.com", "yahoo.com")
