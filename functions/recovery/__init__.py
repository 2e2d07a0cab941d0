"""What we know about recovering an unpaid invoice, amicably, in France.

    claim           créance                 debtor          débiteur
    creditor        créancier               consultant      personne chargée du dossier
    mandate         mandat de recouvrement  success fee     commission au succès
    case            dossier                 journal         journal (suite scellée des événements)
    ladder          échelle                 rung            échelon (de relance)
    formal notice   mise en demeure         late interest   pénalités de retard, intérêts
    fixed indemnity indemnité forfaitaire   receipt         quittance
    remittance      reversement             hand-over       transmission au service juridique
    dispute         contestation            promise         promesse de paiement
    limitation      prescription            statement       décompte
    quiet hours     heures sans contact     work list       liste de travail

Terms without an honest translation keep their name: `siren`, `iban`, `bodacc`.

Pure Python: no AWS, no network, no clock. The order of the rooms is the order of knowledge:
law, days → events → case → amounts → fees → ladder → letters, decisions, timeline.
"""
