"""The answers "no", with the sentence the person reads and the form field it concerns.

    Refusal
    ├── Invalid                 what was typed cannot be accepted (field by field: recovery/intake.py)
    ├── NotFound                nothing here under that name, or not for this person
    ├── Gone                    a link that has served or expired
    ├── TooMany                 too many attempts
    └── Conflict                the case is not where this request thinks it is
        ├── AlreadyClaimed      the invoice belongs to a case already
        ├── CaseAlreadyClosed
        ├── NothingToDo         the step is not waiting for this
        └── PaymentTooLarge

HTTP statuses are the entry point's affair (functions/api.py).
"""


class Refusal(Exception):
    message = "Cette demande ne peut pas aboutir."
    field: str | None = None

    def __init__(self, message: str = "", field: str | None = None) -> None:
        super().__init__(message or self.message)
        self.message = message or self.message
        self.field = field or self.field


class Invalid(Refusal):
    message = "Cette information n’est pas valable."


class NotFound(Refusal):
    message = "Nous ne trouvons rien à cette adresse."


class Gone(Refusal):
    message = "Ce lien a déjà servi ou a expiré."


class TooMany(Refusal):
    message = "Trop d’essais. Attendez 15 minutes, ou appelez-nous."


class Conflict(Refusal):
    message = "Le dossier a changé entre-temps. Rechargez la page."


class AlreadyClaimed(Conflict):
    """`case` is the one that holds the invoice: shown only to its own creditor."""

    message = "Cette facture nous a déjà été confiée."
    field = "number"

    def __init__(self, number: str, case: str) -> None:
        super().__init__()
        self.number, self.case = number, case


class CaseAlreadyClosed(Conflict):
    message = "Ce dossier est clos : il n’y a plus rien à y faire."


class NothingToDo(Conflict):
    message = "Cette étape n’attend plus rien : elle a déjà été faite, ou le dossier a changé."


class PaymentTooLarge(Invalid):
    message = "Ce paiement dépasse la somme restant due. Vérifiez le montant."
    field = "amount"


class PaymentInTheFuture(Invalid):
    message = "La date du paiement est dans le futur."
    field = "on"
