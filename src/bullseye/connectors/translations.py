"""Column names in German, French, Spanish, Italian, Dutch and Portuguese."""

from collections.abc import Mapping
from typing import Final

from bullseye.definitions.field import TableName

_T = TableName

NAMES: Final[Mapping[TableName, Mapping[str, str]]] = {
    _T.ACCOUNTS: {
        "account_id": (
            "firmen id, firmennummer, kundennummer, kunden id, kunden nr, debitorennummer, "
            "unternehmens id, konto id, id client, numéro client, id société, code client, "
            "id cliente, id empresa, número de cliente, codice cliente, id azienda, klant id, "
            "klantnummer, bedrijfs id, código do cliente"
        ),
        "name": (
            "firma, firmenname, unternehmen, unternehmensname, kundenname, société, entreprise, "
            "raison sociale, nom de la société, empresa, razón social, nombre de la empresa, "
            "azienda, ragione sociale, nome azienda, bedrijf, bedrijfsnaam, nome da empresa, "
            "razão social"
        ),
        "domain": (
            "webseite, website, internetseite, internetadresse, site web, site internet, "
            "sitio web, página web, sito web, sito, webadres, sítio, página da web, domaine, "
            "dominio, domein, domínio"
        ),
        "industry": (
            "branche, wirtschaftszweig, secteur, secteur d'activité, sector, industria, "
            "settore, bedrijfstak, sector de actividad, setor"
        ),
        "employees": (
            "mitarbeiter, mitarbeiterzahl, anzahl mitarbeiter, beschäftigte, effectif, "
            "nombre d'employés, salariés, nombre de salariés, empleados, número de empleados, "
            "dipendenti, numero dipendenti, medewerkers, aantal medewerkers, funcionários, "
            "número de funcionários"
        ),
        "revenue": (
            "umsatz, jahresumsatz, chiffre d'affaires, ca annuel, ingresos, facturación, "
            "ingresos anuales, fatturato, fatturato annuo, omzet, jaaromzet, receita, faturamento"
        ),
        "country": "land, pays, país, paese, nazione",
        "region": "bundesland, kanton, région, département, región, provincia, regione, regio",
        "city": "ort, stadt, ville, ciudad, città, stad, plaats, cidade",
        "founded_year": (
            "gründungsjahr, gegründet, année de création, fondée en, año de fundación, "
            "anno di fondazione, oprichtingsjaar, ano de fundação"
        ),
        "technologies": "technologien, tecnologías, tecnologie, technologieën, tecnologias",
        "is_customer": "kunde, ist kunde, client, est client, cliente, es cliente, klant, is klant",
        "owner": "betreuer, kundenbetreuer, commercial, responsable, responsabile, eigenaar",
        "parent_account_id": "muttergesellschaft, mutterkonzern, société mère, empresa matriz",
        "created_on": "angelegt am, erstellt am, date de création, fecha de creación",
    },
    _T.CONTACTS: {
        "contact_id": "kontakt id, kontaktnummer, id contact, id contacto, id contatto, contact nr",
        "account_name": "firma, unternehmen, société, entreprise, empresa, azienda, bedrijf",
        "first_name": "vorname, prénom, nombre, nome, voornaam",
        "last_name": "nachname, familienname, nom, nom de famille, apellido, apellidos, cognome, "
        "achternaam, sobrenome",
        "email": "e mail adresse, adresse e mail, courriel, correo electrónico, correo",
        "title": "position, funktion, berufsbezeichnung, fonction, poste, cargo, puesto, ruolo, "
        "posizione, functie",
        "department": "abteilung, service, departamento, reparto, afdeling",
        "phone": "telefon, telefonnummer, téléphone, teléfono, telefono, telefoon, telefone",
        "country": "land, pays, país, paese",
    },
    _T.OPPORTUNITIES: {
        "opportunity_id": "verkaufschance id, chancen id, id opportunité, id oportunidad",
        "account_name": "firma, unternehmen, kunde, société, client, empresa, cliente, azienda, "
        "bedrijf, klant",
        "name": "verkaufschance, opportunité, oportunidad, opportunità, verkoopkans",
        "stage": "phase, verkaufsphase, étape, etapa, fase, fase di vendita",
        "amount": "betrag, auftragswert, montant, importe, monto, importo, bedrag, valor",
        "discount": "rabatt, nachlass, remise, descuento, sconto, korting, desconto",
        "created_on": "erstellt am, angelegt am, date de création, fecha de creación",
        "closed_on": "abschlussdatum, abgeschlossen am, date de clôture, fecha de cierre, "
        "data di chiusura, sluitingsdatum, data de fechamento",
        "owner": "besitzer, verkäufer, vertriebsmitarbeiter, vendeur, vendedor, venditore",
        "loss_reason": "verlustgrund, motif de perte, motivo de pérdida, motivo di perdita",
    },
}
"""Field: names separated by commas, by table; beside the English ones of `synonyms`."""
