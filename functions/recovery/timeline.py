"""The story of a case: one French sentence per event, with its proofs, for the creditor's page and the journal."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from recovery import checks
from recovery import events as e
from recovery.french import day, day_month, euros, hour, local, percent, weekday_day
from recovery.insolvency import KINDS as PROCEDURES
from recovery.ladder import policies
from recovery.limitation import STAGES

OUTCOMES = {
    "no_answer": "Personne n’a répondu.",
    "wrong_number": "Le numéro n’est pas le bon.",
    "talked": "Votre client a été joint.",
    "promise": "Votre client promet de payer.",
    "dispute": "Votre client conteste.",
    "refusal": "Votre client refuse de payer.",
    "paid_claimed": "Votre client dit avoir déjà payé : nous vérifions.",
    "done": "La visite a eu lieu.",
    "absent": "Personne n’était présent.",
    "registers_asked": "Identité, adresse et procédures collectives : le résultat est sur la ligne « Registres publics interrogés ».",
}
SKIPPED = {
    "no_consent": "Une visite demande l’accord écrit de votre client et le vôtre.",
    "no_email": "Nous n’avons pas d’adresse e-mail de votre client.",
    "bounced": "L’adresse e-mail de votre client ne reçoit pas nos messages.",
    "complaint": "Votre client ne veut plus recevoir nos e-mails.",
}
# After « par », on the page, in e-mails and on the debtor's receipt.
MEANS = {"transfer": "virement", "card": "carte", "cheque": "chèque", "cash": "espèces", "direct": "paiement direct au créancier"}
INTERRUPTED = {
    "acknowledgement": "Votre client reconnaît sa dette",
    "court_claim": "Demande en justice",
    "enforcement": "Mesure conservatoire ou d’exécution",
    "insolvency_claim": "Déclaration de la créance à la procédure collective",
}
RETURNED = {
    "unclaimed": "Pli avisé et non réclamé : votre client n’est pas allé le chercher",
    "refused": "Pli refusé par votre client",
    "unknown": "Destinataire inconnu à cette adresse",
    "address": "Adresse incomplète ou sans accès",
    "other": "La poste n’a pas pu la remettre",
}
PROOFS = {"deposit": "Preuve de dépôt", "content": "Preuve de contenu", "receipt": "Avis de réception", "returned": "Pli retourné"}
BOUNCED = {
    "permanent": (
        "E-mail revenu : adresse inconnue",
        "Nous n’écrivons plus à cette adresse. Si vous en connaissez une autre, dites-le-nous.",
    ),
    "transient": ("E-mail non remis", "La boîte de votre client n’a pas pu le recevoir cette fois-ci."),
    "complaint": ("Votre client refuse nos e-mails", "Nous ne lui en envoyons plus : les lettres et les appels continuent."),
}
CHOICES = {"stop": "Arrêter sans frais", "wait": "Attendre", "legal": "Transmettre au service juridique"}
CLOSED = {
    "paid": "Réglé en totalité",
    "credited": "Dossier clos : votre avoir annule ce qui restait dû",
    "retracted": "Dossier clos : vous vous êtes rétracté, sans frais",
    "stopped": "Dossier clos à votre demande, sans frais",
    "upheld": "Dossier clos : la contestation était fondée",
    "insolvent": "Dossier clos : procédure collective",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    name: str
    meta: str
    document: str | None = None  # sha256, when there is a file to open


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`icon` is a name of the site's sprite; `incoming` marks what came from the debtor."""

    n: int
    at: datetime
    title: str
    sentence: str
    by: str
    icon: str
    incoming: bool = False
    proofs: tuple[Proof, ...] = ()
    document: str | None = None
    note: str | None = None


def story(events: Iterable[e.AnyEvent], name_of: Callable[[str], str], note_of: Callable[[str], str] = lambda _: "") -> tuple[Entry, ...]:
    """Oldest first. `name_of` turns `staff:ines` into a name, `note_of` a salted hash into the words kept beside the directory."""
    told: list[Entry] = []
    events = tuple(events)
    policy = next((event.policy for event in events if isinstance(event, e.CaseOpened)), "professional")
    documents = {event.step: event.document for event in events if isinstance(event, e.StepDecided)}
    for n, event in enumerate(events, 1):
        title, sentence, icon, proofs, document = _tell(event, policy, documents)
        note = getattr(event, "note", None)
        told.append(
            Entry(
                n=n,
                at=event.at,
                title=title,
                sentence=sentence,
                by=name_of(event.by),
                icon=icon,
                incoming=isinstance(event, e.PaymentReceived | e.PromiseMade | e.DisputeRaised),
                proofs=proofs,
                document=document,
                note=note_of(note) if note else None,
            )
        )
    return tuple(told)


def carried_out(events: Iterable[e.AnyEvent]) -> frozenset[int]:
    """The numbers of the decisions that were carried out since: the log keeps both, a page shows what took place."""
    events = tuple(events)
    ended = {event.step for event in events if isinstance(event, e.StepTaken | e.StepSkipped)}
    return frozenset(n for n, event in enumerate(events, 1) if isinstance(event, e.StepDecided) and event.step in ended)


Told = tuple[str, str, str, tuple[Proof, ...], str | None]


def _tell(event: e.AnyEvent, policy: str, documents: dict[str, str | None]) -> Told:
    match event:
        case e.CaseOpened():
            numbers = ", ".join(invoice.number for invoice in event.invoices)
            total = euros(sum((invoice.amount for invoice in event.invoices), start=event.invoices[0].amount * 0))
            proofs = tuple(
                Proof(name=f"Facture {invoice.number}", meta="fichier déposé", document=invoice.document)
                for invoice in event.invoices
                if invoice.document
            )
            return "Dossier ouvert", f"Facture{'s' if len(event.invoices) > 1 else ''} {numbers}, {total} TTC.", "check", proofs, None
        case e.MandateAccepted():
            when = f"{weekday_day(local(event.accepted_at).date())} à {hour(event.accepted_at)}"
            sentence = f"Accepté {when}. Commission : {percent(event.fee_rate)} HT des sommes encaissées, rien sinon."
            return "Mandat accepté", sentence, "check", (Proof(name="Mandat", meta="PDF", document=event.document),), event.document
        case e.EmailConfirmed():
            return "Adresse e-mail confirmée", f"Par le lien reçu, à {hour(event.confirmed_at)}.", "mail", (), None
        case e.CreditorVerified():
            return "Identité du créancier vérifiée", "Registre, adresse e-mail et titulaire du compte comparés.", "shield", (), None
        case e.StepDecided():
            name = label(event.step, policy)
            title = f"{'Document prêt' if event.document else 'Au programme'} : {name[:1].lower()}{name[1:]}"
            sentence = f"Pour le {day(event.due)}."
            meta = event.reference or "e-mail"
            proofs = (Proof(name=_document_name(event.step, policy), meta=meta, document=event.document),) if event.document else ()
            return title, sentence, "file", proofs, event.document
        case e.StepApproved(step="checks"):
            return "Coordonnées du débiteur vues par une personne", "Les étapes suivent leur cours.", "check", (), None
        case e.StepApproved(step="contact"):
            return "Coordonnées à retrouver : vu par une personne", "Les étapes suivent leur cours.", "check", (), None
        case e.StepApproved(step="limitation"):
            return "Prescription vue par une personne", "Elle en tient compte pour la suite.", "check", (), None
        case e.StepApproved():
            return f"{label(event.step, policy)} : relue et validée", "Elle partira à sa date.", "check", (), None
        case e.StepTaken():
            document = documents.get(event.step)
            sentence = OUTCOMES.get(event.outcome or "", _taken(event.step, policy))
            proofs = (
                Proof(
                    name=_document_name(event.step, policy),
                    meta="e-mail" if _channel(event.step, policy) == "e-mail" else "PDF",
                    document=document,
                ),
            )
            return _done(event.step, policy), sentence, _icon(event.step, policy), proofs if document else (), document
        case e.StepSkipped():
            return f"{label(event.step, policy)} : passée", SKIPPED.get(event.reason, event.reason), "info", (), None
        case e.StepBlocked():
            return f"{label(event.step, policy)} : retenue", f"{event.reason} Une personne s’en occupe.", "info", (), None
        case e.DebtorCorrected():
            return "Coordonnées de votre client corrigées", "Les prochains envois en tiennent compte.", "pen", (), None
        case e.LetterPosted():
            proofs = (Proof(name="Dépôt", meta=event.number or f"le {day(event.on)}"),)
            return f"{label(event.step, policy)} postée", f"Remise à la poste le {day(event.on)}.", "letter", proofs, None
        case e.LetterWithdrawn():
            sentence = "Elle n’était pas encore postée : ses sommes et ses dates seront à jour."
            return f"{label(event.step, policy)} : refaite avant l’envoi", sentence, "refresh", (), None
        case e.PaymentReceived():
            return (
                f"Paiement de {euros(event.amount)}",
                f"Reçu le {day(event.on)}, par {MEANS.get(event.means, event.means)}.",
                "euro",
                (),
                None,
            )
        case e.PaymentReturned():
            why = f"{event.reason} : la" if event.reason else "La"
            return "Paiement revenu impayé", f"{why} somme due est celle d’avant, depuis le {day(event.on)}.", "refresh", (), None
        case e.CreditNoted():
            of = f" sur la facture {event.invoice}" if event.invoice else ""
            proofs = (Proof(name=f"Avoir {event.number}", meta="fichier déposé", document=event.document),) if event.document else ()
            since = "depuis l’origine" if event.retroactive else f"au {day(event.on)}"
            return f"Avoir de {euros(event.amount)}", f"Avoir {event.number}{of}, {since}.", "euro", proofs, None
        case e.LimitationInterrupted():
            return "Prescription interrompue", f"{INTERRUPTED[event.ground]}, le {day(event.on)}.", "scale", (), None
        case e.LimitationSuspended():
            return "Prescription suspendue", f"Du {day(event.first)} au {day(event.last)}.", "scale", (), None
        case e.LimitationNear():
            sentence = f"La créance sera prescrite après le {day(event.last)}. Saisir un juge interrompt ce délai."
            return f"Prescription dans moins de {STAGES[event.stage]}", sentence, "scale", (), None
        case e.LetterPresented():
            sentence = f"Présentée pour la première fois le {day(event.on)}."
            return f"{label(event.step, policy)} présentée", sentence, "letter", (), None
        case e.LetterDelivered():
            return f"{label(event.step, policy)} reçue", f"Remise contre signature le {day(event.on)}.", "letter", (), None
        case e.LetterReturned():
            return f"{label(event.step, policy)} revenue", f"{RETURNED[event.reason]}, le {day(event.on)}.", "refresh", (), None
        case e.PostalProof():
            name = label(event.step, policy)
            proofs = (Proof(name=PROOFS[event.proof], meta="PDF", document=event.document),)
            return f"{PROOFS[event.proof]} : {name[:1].lower()}{name[1:]}", "Versé au dossier comme pièce.", "file", proofs, event.document
        case e.EmailBounced():
            return BOUNCED[event.bounce][0], BOUNCED[event.bounce][1], "mail", (), None
        case e.InterestWaived():
            return f"Intérêts abandonnés : {euros(event.amount)}", f"{event.reason}.", "check", (), None
        case e.PromiseMade():
            amount = f" de {euros(event.amount)}" if event.amount else ""
            return "Promesse de paiement", f"Un paiement{amount} est promis pour le {day_month(event.until)}.", "calendar", (), None
        case e.DisputeRaised():
            return "Votre client conteste", "Les relances sont arrêtées le temps de vérifier.", "chat", (), None
        case e.DisputeSettled():
            words = {
                "rejected": "La créance est maintenue : l’échelle reprend.",
                "withdrawn": "Votre client retire sa contestation.",
                "upheld": "La contestation est fondée.",
            }
            return "Contestation examinée", words.get(event.outcome, ""), "chat", (), None
        case e.DebtorChecked():
            return "Registres publics interrogés", checks.sentence(event), "shield", (), None
        case e.InsolvencyFound():
            proofs = (Proof(name="BODACC", meta=event.notice),)
            return f"Procédure collective : {PROCEDURES[event.procedure]}", _insolvent(event), "pause", proofs, None
        case e.InsolvencySettled():
            return "Procédure collective examinée", INSOLVENCY_SETTLED.get(event.outcome, ""), "shield", (), None
        case e.VisitConsented():
            who = "Votre client accepte" if event.who == "debtor" else "Vous acceptez"
            return "Accord pour une visite", f"{who} une visite sur rendez-vous.", "visit", (), None
        case e.CreditorDecided():
            until = f" jusqu’au {day(event.until)}" if event.until else ""
            return "Votre décision", f"{CHOICES[event.choice]}{until}.", "flag", (), None
        case e.CaseClosed():
            return CLOSED.get(event.reason, "Dossier clos"), "L’échelle est terminée.", "archive", (), None
        case _:
            assert_never(event)


INSOLVENCY_SETTLED = {
    "mistaken": "Elle concerne une autre entreprise : les étapes reprennent.",
    "later_claim": "La créance est née après le jugement et se paie à son échéance : les étapes reprennent.",
    "closed": "Il n’y a plus rien à réclamer hors de la procédure.",
}


def _insolvent(event: e.InsolvencyFound) -> str:
    if event.state == "plan":
        return "Un plan est en cours : cette créance se paie selon son calendrier. Les relances sont arrêtées."
    if event.state == "written_off":
        return "La procédure s’est close faute d’actif. Les relances sont arrêtées."
    return f"Ouverte le {day(event.opened_on)}. Les relances et les intérêts sont arrêtés : la créance se déclare au plus tard le {day(event.declare_by)}."


def label(step: str, policy: str) -> str:
    """The French name of a step: a rung's, or a message's."""
    name, _, rest = step.partition(":")
    if name == "receipt":
        return "Quittance"
    if name == "returned":
        return "Avis de paiement revenu impayé"
    rung = policies[policy].rung(name)
    text = rung.label if rung else name
    return f"Copie par e-mail de la {text[:1].lower()}{text[1:]}" if rest == "copy" else text


def _channel(step: str, policy: str) -> str:
    if step.startswith("receipt:"):
        return "receipt"
    if step.endswith(":copy") or step.startswith("returned:"):
        return "e-mail"
    rung = policies[policy].rung(step.partition(":")[0])
    return rung.channel if rung else "none"


def _done(step: str, policy: str) -> str:
    name = label(step, policy)
    if step.startswith("creditor_decision"):
        return "Votre décision vous est demandée"
    return {
        "none": f"{name} faites",
        "letter": f"{name} remise à l’impression",
        "registered_letter": f"{name} remise à l’impression",
        "receipt": "Quittance établie",
        "e-mail": f"{name} : e-mail envoyé",
        "telephone": f"{name} passé",
        "visit": f"{name} : compte rendu",
    }[_channel(step, policy)]


def _taken(step: str, policy: str) -> str:
    if step.startswith("creditor_decision"):
        return "Arrêter sans frais, attendre, ou transmettre au service juridique : rien ne part sans vous."
    return {
        "none": "SIREN et adresse contrôlés. Les registres publics n’étaient pas encore interrogés.",
        "letter": "Relue par nos contrôles : toutes les mentions obligatoires y sont.",
        "registered_letter": "Recommandé avec avis de réception.",
        "receipt": "La preuve de son paiement part chez votre client.",
        "e-mail": "Avec le rappel de la référence et de la date de notre lettre.",
    }.get(_channel(step, policy), "")


def _icon(step: str, policy: str) -> str:
    icons = {"none": "shield", "e-mail": "mail", "telephone": "phone", "visit": "visit", "receipt": "euro"}
    return icons.get(_channel(step, policy), "letter")


def _document_name(step: str, policy: str) -> str:
    return {"e-mail": "E-mail", "receipt": "Quittance"}.get(_channel(step, policy), "Lettre")
