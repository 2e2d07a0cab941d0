"""What the API answers, page by page, in the shapes agreed between the site and the API. Amounts, dates and the ladder are the trade's own."""

from datetime import date
from decimal import Decimal
from typing import Any

from recovery.amounts import Claim, statement
from recovery.events import Invoice
from recovery.fees import fee, rate_for
from recovery.ladder import plan

TODAY, DUE, REF, DRAFT = date(2026, 11, 24), date(2026, 9, 3), "RG-26-00017", "dr4ft.s1gned"
OWED = statement(
    Claim(regime="b2b", invoices=(Invoice(number="F-2026-0418", issued=date(2026, 8, 4), due=DUE, amount=Decimal(3480)),)), TODAY
)
RATE = rate_for(OWED.principal, DUE, TODAY)
FEE = fee(OWED.balance, RATE, TODAY)
CONTACT = {"name": "Inès Moreau", "title": "chargée de votre dossier", "phone": "02 00 00 00 01", "email": "ines@reglo.example"}
STATEMENT = {
    "on": TODAY.isoformat(),
    "lines": [{"kind": x.kind, "invoice": x.invoice, "amount": str(x.amount), "rule": x.rule, "detail": x.detail} for x in OWED.lines],
    **{name: str(getattr(OWED, name)) for name in ("principal", "interest", "indemnity", "paid", "balance")},
}
PLAN = plan("professional", TODAY)
FIELDS = {
    "creditor_name": "Atelier Berthelot SARL", "creditor_siren": "794205118", "creditor_line1": "22 quai de la Fosse", "creditor_line2": "",
    "creditor_postcode": "44000", "creditor_city": "Nantes", "creditor_iban": "FR7630003000710002010484471", "creditor_email": "",
    "creditor_kind": "business", "express_request": "", "kind": "service", "agreed": "", "penalty": "", "still_due": "", "still_ours": "",
    "signatory_name": "", "signatory_role": "", "debtor_kind": "business", "debtor_name": "Brasserie des Halles SAS", "debtor_siren": "852417396",
    "debtor_line1": "8 place des Lices", "debtor_line2": "", "debtor_postcode": "35000", "debtor_city": "Rennes", "debtor_country": "FR",
    "debtor_email": "compta@bdh.example", "debtor_phone": "", "number": "F-2026-0418", "issued": "2026-08-04", "due": DUE.isoformat(),
    "amount": "3480.00", "label": "Agencement d’un comptoir en chêne, pose comprise", "interest": "yes",
}  # fmt: skip
PICTURE = "/picture.png"
EVIDENCE = {
    "creditor_name": [0.07, 0.05, 0.53, 0.15], "debtor_name": [0.57, 0.18, 0.93, 0.28], "number": [0.07, 0.33, 0.5, 0.37],
    "amount": [0.69, 0.71, 0.93, 0.75], "due": [0.07, 0.79, 0.39, 0.83], "creditor_iban": [0.07, 0.86, 0.72, 0.9], "issued": [0.57, 0.33, 0.9, 0.37],
}  # fmt: skip


def draft(state: str = "read", **changed: Any) -> dict[str, Any]:
    return {
        "id": "dr4ft", "state": state, "invoices": [{"id": "1", "file": {"name": "facture-0418.pdf", "size": 84_000, "pages": 1, "picture": PICTURE}, "credits": []}],
        "fields": FIELDS, "evidence": {name: {"source": "page", "confidence": 0.9, "invoice": "1", "page": 1, "box": box} for name, box in EVIDENCE.items()}, "suggestions": {},
        "warnings": [{"field": "due", "message": "La facture indique « paiement à 30 jours ». Nous comptons à partir du 4 août."}],
        "doubtful": ["due"], "missing": ["creditor_email"], "quote": None, "ref": None, "email": None, "known_creditor": False,
    } | changed  # fmt: skip


QUOTE = STATEMENT | {
    "fee": {"rate": str(RATE), "example": {"collected": str(FEE.collected), "fee": str(FEE.net), "vat": str(FEE.vat), "remitted": str(FEE.remitted)}},
    "ladder": [{"id": p.rung.id, "label": p.rung.label, "channel": p.rung.channel, "on": p.on.isoformat(), "by": p.rung.by} for p in PLAN],
    "limitation_note": None,
    "mandate": {
        "parties": "Atelier Berthelot SARL et Réglo SAS",
        "clauses": [
            {"title": "Objet", "text": ["Le créancier confie à l’agence le recouvrement amiable des sommes ci-dessus.", "Il lui donne pouvoir de les recevoir."]},
            {"title": "Rémunération", "text": ["À la charge du créancier, et seulement sur ce qui est encaissé."]},
        ],
    },
}  # fmt: skip
READY = draft("checked", quote=QUOTE, fields=FIELDS | {"creditor_email": "camille@atelierberthelot.example"}, doubtful=[], missing=[])
ACCEPTED = READY | {
    "state": "accepted", "ref": REF, "email": READY["fields"]["creditor_email"], "fields": READY["fields"] | {"signatory_name": "Camille Berthelot", "signatory_role": "gérante"},
}  # fmt: skip
PAPER = {"name": "mandat.pdf", "size": 98_000, "link": "/mandat.pdf"}
MANDATE = {"ref": REF, "email": "camille@atelierberthelot.example", "document": PAPER}

ROWS = [
    ("Brasserie des Halles", 1, "F-2026-0418", "3614.99", 4, "Deuxième lettre", "Votre décision", "2026-12-03", "todo", "flag", "À vous"),
    ("SCI Rosmadec", 2, "F-2026-0402", "1284.40", 4, "Premier appel", "Deuxième lettre", "2026-11-26", "run", "refresh", "En cours"),
    ("Traiteur Ouessant", 3, "F-2026-0441", "864.00", 2, "Première lettre", "Rappel courtois", "2026-11-27", "run", "refresh", "En cours"),
    (
        "Hôtel Le Garenne",
        4,
        "F-2026-0436",
        "2150.00",
        4,
        "Premier appel",
        "Contestation examinée",
        None,
        "info",
        "pause",
        "Contestation en cours",
    ),
    ("Menuiserie Lorcy", 5, "F-2026-0290", "0.00", 3, "Rappel courtois", "Réglé en totalité", "2026-10-02", "done", "check", "Réglé"),
    ("Pressing Kerbriant", 6, "F-2026-0251", "420.00", 9, "Votre décision", "Clos à votre demande", "2026-09-12", "", "archive", "Clos"),
]
CASES = {
    "cases": [
        {"ref": f"RG-26-{n:05}", "debtor": who, "invoices": [number], "balance": owed, "status": "open", "pill": {"kind": kind, "icon": icon, "text": text},
         "step": {"label": step, "done": done, "of": 9}, "next": {"label": following, "on": on}, "waiting_for_me": kind == "todo"}
        for who, n, number, owed, done, step, following, on, kind, icon, text in ROWS
    ],
    "totals": {"entrusted": "15982.40", "recovered": "2130.00", "pending": "13643.39", "to_remit": "179.76"},
    "waiting": [{"draft": "x", "ref": "RG-26-00021", "debtor": "Clinique Saint-Yves", "creditor": "Atelier Berthelot", "amount": "5310.00", "since": "2026-11-23"}],
}  # fmt: skip
NO_CASES = {"cases": [], "totals": {"entrusted": "0.00", "recovered": "0.00", "pending": "0.00", "to_remit": "0.00"}, "waiting": []}
CREDITOR = {
    "role": "creditor",
    "email": "camille@atelierberthelot.example",
    "name": "Camille Berthelot",
    "creditors": [{"siren": "794205118", "name": "Atelier Berthelot SARL"}],
}
STAFF = {"role": "staff", "email": "ines@reglo.example", "name": "Inès Moreau", "creditors": []}


def past(
    at: str, title: str, sentence: str = "", icon: str = "check", state: str = "done", proofs: tuple[tuple[str, str, str | None], ...] = ()
) -> dict[str, Any]:
    chips = [{"name": name, "meta": meta, "href": href, "icon": "file" if href else "check"} for name, meta, href in proofs]
    return {
        "at": at,
        "title": title,
        "sentence": sentence,
        "by": "Inès Moreau" if icon == "phone" else "Réglo",
        "note": "Travaux en cours, propose de payer fin novembre." if icon == "phone" else None,
        "icon": icon,
        "state": state,
        "proofs": chips,
    }


CASE = {
    "ref": REF, "version": 14, "seal": "9f2c1ab0" * 8, "count": 14, "status": "open", "pill": {"kind": "run", "icon": "refresh", "text": "En cours"},
    "creditor": {"name": "Atelier Berthelot SARL"}, "debtor": {"name": "Brasserie des Halles SAS", "address": "8 place des Lices, 35000 Rennes"}, "regime": "b2b",
    "contact": CONTACT, "statement": STATEMENT,
    "limitation": {"near": False, "invoices": [{"invoice": "F-2026-0418", "sentence": "Cette créance sera prescrite après le 3 septembre 2031 (art. L110-4 du code de commerce).", "warning": ""}]},
    "payments": [], "retract_until": None,
    "remittance": {"lines": [{"payment": "p1", "on": "2026-11-20", "amount": "500.00", "fee": "70.00", "vat": "14.00", "to_remit": "416.00", "pay_by": "2026-12-20"}],
                   "total": {"amount": "500.00", "fee": "70.00", "vat": "14.00", "to_remit": "416.00"}},
    "if_all_paid": QUOTE["fee"]["example"],
    "ladder": [{"id": p.rung.id, "label": p.rung.label, "short": p.rung.short, "on": p.on.isoformat(), "state": "done" if n < 4 else "now" if n == 4 else "next"} for n, p in enumerate(PLAN)],
    "future": [{"id": p.rung.id, "label": p.rung.label, "on": p.on.isoformat(), "sentence": p.rung.sentence, "channel": p.rung.channel} for p in PLAN[5:]],
    "present": {"title": "Deuxième lettre aujourd’hui", "sentence": "Elle part à 9 heures, avec une proposition en plusieurs fois.", "icon": "letter"},
    "past": [
        past("2026-11-20T14:03:00Z", "Paiement reçu : 500,00 €", "Par virement. Quittance envoyée à votre client.", "euro", "in", (("Quittance", "PDF", "/q.pdf"),)),
        past("2026-11-19T09:42:00Z", "Premier appel", "Votre client a été joint. Mme Dupuis vérifie la facture et doit rappeler.", "phone", "done", (("Compte rendu", "19 nov.", None),)),
        past("2026-11-16T08:00:00Z", "Rappel courtois envoyé", "Par e-mail.", "mail", "done", (("Message", "EML, 6 Ko", "/m.eml"),)),
        past("2026-11-11T10:15:00Z", "Première lettre postée", "Toutes les mentions de l’article R. 124-4.", "letter", "done", (("Lettre du 11 novembre", "PDF, 91 Ko", "/l.pdf"), ("Postée", "11 nov.", None))),
        past("2026-11-10T13:06:00Z", "Mandat accepté par Camille Berthelot", "", "file", "done", (("Mandat accepté", "PDF, 96 Ko", "/mandat.pdf"),)),
    ],
    "documents": [{"name": "Facture F-2026-0418", "meta": "PDF, 84 Ko", "href": "/f.pdf"}, {"name": "Mandat accepté", "meta": "PDF, 96 Ko", "href": "/mandat.pdf"}],
    "ask": None,
}  # fmt: skip
ASK = {
    "kind": "decision", "title": "Que souhaitez-vous faire ?", "sentence": "Les relances amiables sont terminées. Répondez quand vous voulez : rien ne part avant.",
    "choices": [{"id": "stop", "label": "Arrêter sans frais"}, {"id": "wait", "label": "Attendre"}, {"id": "legal", "label": "Transmettre au service juridique"}],
}  # fmt: skip
ASKED = CASE | {"ask": ASK, "pill": {"kind": "todo", "icon": "flag", "text": "À vous"}}


def task(kind: str, n: int, who: str, title: str, why: str, step: str = "first_call", **more: Any) -> dict[str, Any]:
    return {"case": f"RG-26-{n:05}", "kind": kind, "step": step, "title": title, "debtor": who, "creditor": "Pneus Armor", "amount": "1742.31",
            "since": "2026-11-23", "due": "2026-11-24", "why": why} | more  # fmt: skip


DESK = {
    "on": TODAY.isoformat(),
    "submissions": [
        {"draft": "d1", "ref": "RG-26-00021", "creditor": "Atelier Berthelot SARL", "creditor_siren": "794205118", "email": "camille@atelierberthelot.example",
         "email_domain": "atelierberthelot.example", "iban": "FR76 •••• 4471", "iban_holder_hint": "Le titulaire doit être Atelier Berthelot SARL.",
            "signatory": "Camille Berthelot, gérante",
            "address": "22 quai de la Fosse, 44000 Nantes", "debtor": "Clinique Saint-Yves", "amount": "5310.00", "since": "2026-11-23",
         "checks": [{"label": "SIREN", "value": "794 205 118, clé exacte", "ok": True}, {"label": "Domaine de l’e-mail", "value": "atelierberthelot.example", "ok": None},
                    {"label": "Titulaire de l’IBAN", "value": "à comparer : Atelier Berthelot", "ok": False}]},
    ],
    "tasks": [
        task("call", 18, "Garage Le Moal", "Premier appel", "Comprendre ce qui bloque.", phone="02 00 00 00 42", script="Demander M. Le Moal.\nNe rien dire du motif à une autre personne."),
        task("call", 19, "Crêperie du Port", "Dernier appel", "Une dernière occasion de trouver un accord.", "last_call"),
        task("visit", 20, "Hôtel des Remparts", "Visite sur rendez-vous", "Accords du débiteur et du créancier au dossier.", "visit"),
        task("approve", 22, "Transports Quéré", "Mise en demeure à relire", "Recommandé avec avis de réception.", "formal_notice"),
        task("post", 23, "Bar Le Sextant", "Deuxième lettre à poster", "", "second_letter"),
        task("blocked", 24, "Cabinet Ruellan", "Première lettre : elle ne peut pas partir", "L’adresse ne tient pas dans la fenêtre.", "first_letter",
             debtor_fields={"name": "Cabinet Ruellan", "line1": "Résidence les Trois Moulins", "line2": "Bâtiment B", "postcode": "35400", "city": "Saint-Malo", "country": "FR", "email": "", "phone": ""}),
        task("dispute", 25, "Brasserie des Halles", "Contestation à examiner", "Les relances sont arrêtées.", ""),
        task("insolvency", 26, "Menuiserie du Large", "Procédure collective : redressement judiciaire", "Relances arrêtées ; déclaration avant le 12 janvier 2027.", ""),
        task("research", 27, "Imprimerie Vernay", "Débiteur à rechercher", "L’activité est cessée au registre : rechercher qui répond de la dette.", "checks",
             debtor_fields={"name": "Imprimerie Vernay", "siren": "634567895", "line1": "19 rue Gutenberg", "line2": "", "postcode": "42000", "city": "Saint-Étienne", "country": "FR", "email": "", "phone": ""}),
    ],
}  # fmt: skip
COMPANY = {"siren": "412345670", "name": "MENUISERIE DU LARGE", "form": "SARL", "town": "17000 La Rochelle", "active": True, "siret": "41234567000010",
           "address": "11 rue des Chantiers, 17000 La Rochelle", "created": "2009-06-12", "ceased": None, "natural_person": False, "shown": True, "turnover": None, "year": None}  # fmt: skip
PROCEDURE = {
    "label": "redressement judiciaire", "state": "open", "opened_on": "2026-11-03", "published_on": "2026-11-12", "declare_by": "2027-01-12", "late": False,
    "trustee": "SELARL Aunis Mandataires", "court": "Greffe de La Rochelle", "notice": "A202602171042", "url": "https://www.bodacc.fr/",
    "says": "Une procédure de redressement judiciaire est ouverte depuis le 3 novembre 2026. Ne relancez pas : déclarez votre créance au plus tard le 12 janvier 2027, par courrier, auprès de : SELARL Aunis Mandataires.",
}  # fmt: skip
INSOLVENT = {
    "siren": "412345670", "verified": {"companies": True, "notices": True}, "company": COMPANY, "procedure": PROCEDURE,
    "note": {"letter": "E", "points": None, "why": "", "reasons": [{"says": "Une procédure de redressement judiciaire est ouverte depuis le 3 novembre 2026.", "points": 0}]},
    "notices": [{"title": "Jugement d'ouverture d'une procédure de redressement judiciaire", "on": "2026-11-12", "court": "Greffe de La Rochelle", "url": "https://www.bodacc.fr/"}],
}  # fmt: skip
UNVERIFIED = {"siren": "412345670", "verified": {"companies": True, "notices": False}, "company": COMPANY | {"active": False, "ceased": "2026-04-30"}, "procedure": None, "notices": [],
              "note": {"letter": "", "points": None, "why": "Les annonces légales n’ont pas pu être consultées : pas de note sans elles.", "reasons": []}}  # fmt: skip
DEBTOR = {
    "ref": REF, "state": "open", "letter": {"reference": f"{REF}-1", "on": "2026-11-11"}, "creditor": {"name": "Atelier Berthelot SARL", "address": "22 quai de la Fosse, 44000 Nantes"},
    "debtor": {"name": "Brasserie des Halles SAS"}, "statement": STATEMENT,
    "pay": {"holder": "REGLO SAS FONDS DE TIERS", "iban": "FR7630006000011234567890189", "bic": "AGRIFRPPXXX", "reference": REF}, "contact": CONTACT, "agency": {"name": "Réglo"},
}  # fmt: skip


def group(draft: str, debtor: str, *invoices: tuple[str, str, str], **changed: Any) -> dict[str, Any]:
    """One debtor of several files dropped together; `invoices` are (id, number, amount)."""
    listed = [
        {"id": id, "file": f"{number}.pdf", "number": number, "due": DUE.isoformat(), "amount": amount, "late": True}
        for id, number, amount in invoices
    ]
    total = sum((Decimal(amount) for _, _, amount in invoices), Decimal(0))
    return {
        "draft": draft, "state": "read", "ref": None, "debtor": debtor, "city": "Rennes", "creditor": "Atelier Berthelot SARL", "total": f"{total:.2f}",
        "asked": 2, "created": "2026-11-24T09:30:00Z", "invoices": listed,
    } | changed  # fmt: skip


GROUPS = {
    "groups": [
        group(DRAFT, "Brasserie des Halles SAS", ("1", "F-2026-0418", "3480.00"), ("2", "F-2026-0420", "520.00")),
        group("dr5ft.s1gned", "SCI Rosmadec", ("1", "F-2026-0402", "1284.40"), state="checked", asked=0),
        group("dr6ft.s1gned", "", ("1", "photo", "0"), state="accepted"),
    ],
    "aside": [
        {"name": "Copie de F-2026-0418.pdf", "message": "C’est le même fichier que « F-2026-0418.pdf » : il compte une fois.", "draft": "dr7ft.s1gned"},
        {"name": "Ligne 4 du tableau", "message": "La facture F-7 n’est pas jointe : déposez-la pour la réclamer.", "draft": None},
    ],
}  # fmt: skip
PLACE = {"page": 1, "box": [0.07, 0.92, 0.6, 0.95], "invoice": "1"}
DOUBTED = draft(
    fields=FIELDS | {"due": ""},
    suggestions={"due": {"value": "2026-09-03", "because": "Compté d’après ses conditions, « paiement à 30 jours »"}},
    warnings=[
        {"field": "still_ours", "code": "assigned", "message": "La page parle d’une cession ou d’un affacturage : vérifiez que la créance vous appartient encore.", **PLACE},
        {"field": "still_due", "code": "maybe_paid", "message": "La facture porte une mention de paiement : vérifiez qu’elle reste due.", **PLACE},
    ],
    missing=["due", "still_ours", "still_due"],
    doubtful=[],
)  # fmt: skip
TWO = draft(
    invoices=[
        {"id": "1", "file": {"name": "F-2026-0418.pdf", "size": 84_000, "pages": 1, "picture": PICTURE}, "credits": []},
        {
            "id": "2",
            "file": {"name": "F-2026-0420.pdf", "size": 64_000, "pages": 2, "picture": f"{PICTURE}?2"},
            "credits": [{"number": "AV-3", "amount": "80.00"}],
        },
    ],
    fields=FIELDS | {"number.2": "F-2026-0420", "issued.2": "2026-08-20", "due.2": "2026-09-20", "amount.2": "", "label.2": ""},
    evidence={name: {"source": "page", "confidence": 0.95, "invoice": "1", "page": 1, "box": box} for name, box in EVIDENCE.items()}
    | {"number.2": {"source": "xml", "confidence": 1.0, "invoice": "2", "page": 1, "box": [0.1, 0.1, 0.4, 0.2]}},
    suggestions={"amount.2": {"value": "520.00", "because": "Lu sans certitude"}},
    missing=["creditor_email", "amount.2"],
    doubtful=[],
)
