"""What invoices call their fields, in French, English, German, Spanish, Italian and Dutch: patterns on folded text, and what each is worth.

A label worth 0.9 or more names one field and nothing else; below, other things are called so too.
"""

import re

Labels = list[tuple[re.Pattern[str], float]]


def labels(*pairs: tuple[str, float]) -> Labels:
    return [(re.compile(pattern), weight) for pattern, weight in pairs]


NO = r"(?: ?\(\d+\))? ?(?:n ?\.? ?(?:°|os?\b)\.?|n\.(?= ?\S*\d)|num(?:ero)?\b\.?|no\b\.?|nr\b\.?|nummer\b|#|number|id\b|reference\b|ref\b\.?|code\b|:(?= ?\S*\d))"
DOCUMENT = r"(?:facture|avoir|invoice|credit note|rechnungs?|gutschrifts?|factura|fattura|factuur|creditnota|creditfactuur|nota di credito|parcella|honoraires|note de credit|bolletta|quittance)"

QUALIFIED = r"(?:d'acompte|de (?:situation|solde|vente)|finale|definitive|intermediaire|client|proforma|simplificada|rectificativa|ordinaria|electronica|differita|immediata|elettronica)"

NUMBER = labels(
    (rf"(?:{DOCUMENT}|^piece)(?: {QUALIFIED})?[ -]*{NO}", 0.97),
    (
        r"(?:n ?\.? ?(?:°|o\b)\.?|\bn\.|num(?:ero)?\.?|reference|ref\.?|nr\.?|code) ?(?:de |de la |d'|di |della |der |van de )?(?:la )?"
        r"(?:facture|avoir|piece|invoice|document\b|documento|factura|fattura|factuur|rechnung|gutschrift)",
        0.96,
    ),
    (r"(?:rechnungs?|gutschrifts?|beleg|dokument|rechn|re|rg)\.?[ -]{0,3}(?:nummer|nr|n°)\b\.?|\binv\.? ?(?:no\b\.?|n°|number|ref\b\.?|#)|(?:factuur|document)(?:nummer|nr)\b\.?|\bbill (?:no|number)\b\.?", 0.96),
    (r"^fra\.? ?n ?\.?°|^fra\. ?:|\b(?:ft|fatt|doc)\.? n(?:\.|r\b|°)", 0.9),
    (
        rf"^(?:facture|avoir|credit note|invoice|(?:schluss|abschlags|teil)?rechnung|gutschrift|factura|fattura|factuur|nota di credito|parcella)(?: {QUALIFIED})?"
        r"(?= (?!(?:du|de|le|vom|von|of|del|van|dal|dell?)\b)(?:[a-z]{1,4} )?\S*\d)",
        0.85,
    ),
    (r"^(?:numero|number|nummer|nr|no)\b\.?\s*:?(?=\s*$|\s*\S*\d)|^#(?= ?\S*\d)", 0.75),
    (r"^(?:facture|avoir|invoice|rechnung|factura|fattura|factuur)\s*:?$", 0.72),
    (r"^n ?\.? ?°", 0.7),
)  # fmt: skip
NOT_A_NUMBER = re.compile(
    r"commande|client|contrat|tva|t\.v\.a|siret|siren|bon |dossier|devis|compte|telephone|order|customer|vat|livraison|associe|origine|rectifi(?!cativa)|annule|\bsur (?:la |votre |notre )?facture|"
    r"remplace|rcs|ape|naf|lot\b|serie|pedido|cliente|albaran|ordine|ordre|kunden|bestell|steuer|ust|klant|btw|debiteur|po number|account|original|"
    r"auftrag|liefersch|lieferant|bezug|ursprung|vertrag|ordernummer|offerte|opdracht|kvk|partita|p\. ?iva|cif|nif\b|ddt|preventivo|relativa|"
    r"quote|purchase|company|registration|reg\.|charge|policy|cuenta|conto|konto|chantier|marche|situation n|abonne"
)

ISSUED = labels(
    (
        r"date (?:de |de la |d')?(?:facture|facturation|emission|avoir|creation|edition)\b|date facture|date of issue|issue date|(?:invoice|billing|bill) date|"
        r"date issued|date of invoice|(?:rechnungs|ausstellungs|beleg|gutschrifts)-?datum|datum der rechnung|"
        r"date piece|re\.?-datum|tax date|data doc|fecha (?:de )?fra|\bf\. (?:factura|emision)|fecha (?:de )?(?:la )?(?:factura|emision|expedicion|facturacion)|data (?:di |della )?(?:fattura|emissione|documento)|(?:factuur|document)datum|tax point",
        0.97,
    ),
    (
        rf"{DOCUMENT}\b.{{0,40}}\b(?:du|en date du|datee? du|le|vom|von|dated|of|del|van)\b(?= \d)|emise? le|etablie? le|facturee? le|emitid[ao](?: el)?|emess[ao] il|uitgegeven op|"
        r"issued(?: (?:at|on))?\b(?=:? \S*\d)|ausgestellt am",
        0.93,
    ),
    (rf"^{DOCUMENT}\b[^,]{{0,25}}?(?: -|,) (?=\d{{1,2}} [a-z]|\d\d?[./]\d)", 0.9),
    (
        r"^(?:rechnungs|beleg|dokument)(?:nummer|nr\.?) ?/ ?datum\b|^(?:nummer|numero|number|nr\.?|n°) \S+ (?:vom|du|del|of|van)\b(?= ?\d)|^issued$",
        0.9,
    ),
    (r"^(?:date|datum|data|fecha|le)\s*:?(?=\s|$)|^(?:en date du|datee? du|du|vom|del|dated)\b(?= ?\d)", 0.85),
    (r"\b(?:date|datum|data|fecha) ?:", 0.8),
    (r"^[a-z][a-z' -]{2,30}, (?:(?:le|li|den|a|il)\b|(?=\d{1,2}\.? [a-z]{3,10} 20\d\d$))", 0.8),
)
# Dates of something else.
NOT_ISSUED = re.compile(
    r"livraison|prestation|associee|commande|echeance|valeur|periode|delivery|due|order|service|naissance|prelevement|limite|reglement|paiement|"
    r"bestell|annule|remplace|rectifi|origine|debut|fin\b|devis|contrat|validite|adhesion|mise a jour|version|reception|payment|period|"
    r"liefer|leistung|fallig|zahl|zeitraum|entrega|operacion|pedido|vencimiento|vto|pago|consegna|scadenza|ordine|ddt|pagamento|competenza|lever|verval|betaal|"
    r"prochain|suivante|nachste|naechste|\bnext\b|\bsur (?:la |votre |notre )?facture|bestel|expiry|arrivee|depart|arrival|departure|check|sejour|intervention|travaux|signature|impression|faellig|relativa|ursprung|valuta|dispatch|ship"
)

ON = r"(?: :? ?)?(?= ?\d| (?:lun|mar|mer|jeu|ven|sam|dim))"
DUE = labels(
    (
        r"date (?:d'?|limite d'?|de )?(?:echeance|exigibilite)|echeance le|\becheances?\b ?:?|date limite de (?:paiement|reglement)|date de (?:reglement|paiement)\b|due date|date due|"
        r"payment due date|falligkeits?-?(?:datum|tag)?|faelligkeits?-?(?:datum|tag)?|\bfallig (?:am|bis|zum)|\bfaellig (?:am|bis|zum)|^fallig\b|zahlbar bis(?: zum)?|zahlung(?:sfrist)? bis(?: zum)?|zahlungs(?:ziel|termin)\b|"
        r"(?:fecha (?:de |limite (?:de )?)?)?vencimientos?\b|fecha limite(?: de)? pago|\bvto\b\.?|\bvencen?\b(?: el)?|fecha (?:de )?pago\b|(?:data )?(?:di )?scadenz[ae]\b(?: pagamento| rata)?|\bscade il\b|\bscad\.|"
        r"verval(?:datum|dag)|vervalt(?: op)?\b|uiterste (?:betaal|betalings)datum|betaal(?:datum|termijn)|te betalen voor\b",
        0.96,
    ),
    (
        rf"(?:a payer|a regler|payable|paiement|reglement|regler|payer|exigible|due?)(?: au plus tard)? (?:avant )?(?:le|au|jusqu'au|pour le|avant le|au plus tard le)\b{ON}",
        0.93,
    ),
    (rf"(?:au plus tard|avant|soit) le\b{ON}", 0.9),
    (
        rf"\b(?:lcr|traite|virement|prelevement|cheque|preleve)\b(?: (?:directe|magnetique|automatique|sepa|acceptee?|bancaire))* (?:le|au)\b{ON}",
        0.9,
    ),
    (
        r"(?:^|- )(?:montant |total )?(?:a payer|a regler|payable|exigible|reglement|paiement|echeance)(?: au plus tard| avant)* le\s*:?$",
        0.93,
    ),
    (
        r"(?:payment )?due (?:by|on)\b|^due\s*:?(?=\s|$)|\bpay(?:ment)? by\b|remit until|payable (?:by|until)|zahlbar (?:.{0,40} )?bis|bis (?:spatestens )?(?:zum )?(?=\d\d?\.)(?!\S+ .{0,12}(?:%|skonto))|"
        r"(?:pagar|abonar) antes del?|da pagare entro|pagamento entro|entro il\b|uiterlijk(?: op| voor)?|voor of op|betalen (?:voor|tot)",
        0.9,
    ),
    (  # « merci de régler cette somme avant le 5 mai », in a sentence
        r"(?:(?:regl|pay|virement|vers|settle|remit|transfer|zahl|uberweis|begleich|entricht|pag|abon|ingres|bonific|versa|sald|betal|overma|voldo|stort)\w* .{0,60})"
        r"\b(?:avant|jusqu'au|d'ici|pour|before|by|no later than|until|bis|spatestens|vor|antes|hasta|a mas tardar|entro|non oltre|voor|tot|uiterlijk)"
        r"(?: (?:le|du|au|the|zum|am|dem|del?|el|il|op|e non oltre))*(?= \d{1,2}[. /-]| (?:1er|1st|1°|lun|mar|mer|jeu|ven|sam|jan|feb|apr|may|jun|jul|aug|sep|oct|nov|dec))",
        0.88,
    ),
)
NOT_DUE = re.compile(
    r"penalit|compter|avant (?:l'|la )|livraison|apres|suivant|posterieur|lendemain|a defaut|anticip|skonto|discount|escompte|amount due|balance due|"
    r"total due|descuento|sconto|korting|suspen|zeitraum|periode?\b|periodo"
)

NET = labels(
    (r"total (?:general |net |facture |des travaux )?(?:en )?(?:eur(?:os)? )?(?:ht\b|h\.t|hors[ -]tax)", 0.97),
    (r"(?:montant|total|net|cumul|prix|honoraires) (?:\w+ ){0,2}\(?(?:ht\b|h\.t|hors[ -](?:tax|tva))", 0.95),
    (r"\bnet ht\b|\bnet h\.t", 0.93),
    (
        r"montant total net|total net\b(?! a payer| ttc)|net total|total (?:\(?excl|ex\.?(?: vat)?\b)|sub[- ]?total|untaxed amount|net amount|amount excl|"
        r"netto(?:betrag|summe|gesamt|rechnungs)|gesamt(?:betrag|summe)? \(?netto|summe \(?netto|(?:rechnungs)?summe (?:netto|ohne)|gesamt(?:betrag|summe)? ohne|(?:total|betrag|entgelt|gesamt) netto|nettowert|zwischensumme|warenwert|"
        r"(?:total )?base imponible|importe neto|total neto|total sin iva|total (?:\(?sin )|(?:totale )?imponibile|totale netto|imponibile totale|netto merce|"
        r"subtotaal|totaal \(?excl|bedrag \(?excl|totaal exclusief|\bexcl?\.? (?:btw|vat)|excluding vat|(?:goods|net) total|base imp\b|tot\.? imponibile",
        0.92,
    ),
    (
        r"sous[ -]?total(?! ttc)|base (?:ht\b|h\.t|hors|imposable|tva)|\bht\s*:|total before tax|subtotale|total bruto|importe bruto|tot(?:ale|\.)? merce|grondslag",
        0.85,
    ),
    (r"rechnungssumme netto|^netto\b|^net\b\s*:|^net$|^base\b\s*:?$", 0.85),
    (r"^ht$|^h\.t\.?$", 0.6),
)
TAX_NAME = r"(?:t\.?v\.?a|vat|mwst|m\.w\.st|ust|u\.?st|mehrwertsteuer|umsatzsteuer|i\.?v\.?a|igic|btw|gst|imposta|steuer|omzetbelasting)"
TAX = labels(
    (
        rf"total (?:de la |des |de |del |der )?(?:{TAX_NAME}|taxes?)\b|montant (?:total )?(?:de la |des )?(?:t\.?v\.?a|taxes?)\b|tax total|total tax|vat total|vat amount|"
        r"(?:mwst|ust|steuer)\.?-?(?:betrag|summe)|summe (?:mwst|ust)|cuota(?: (?:de )?iva)?\b|importe iva|totale (?:iva|imposta)|totaal btw|btw-?bedrag",
        0.95,
    ),
    (
        rf"(?:dont |plus |\+ ?|zzgl\.? |inkl\.? |enthaltene )?\b{TAX_NAME}\b(?!\.? ?(?:intra|client|n°|acquit|non|id\b|reg|n\b|no\b|nr|nummer|num|comunitar|esent|-id|-nr|befreit|verlegd))(?: sur (?:les |la )?(?:honoraires|prestations?|travaux|ventes?|services|encaissements|debits))?|taxe sur la valeur ajoutee|^taxes?\b|"
        r"(?:sales )?tax\b(?! (?:id|invoice|reg|n|point))",
        0.85,
    ),
)  # fmt: skip
GROSS = labels(
    (
        r"(?:montant )?total (?:general |net |facture |a payer |des travaux )?(?:en )?(?:eur(?:os)? )?(?:ttc\b|t\.t\.c|toutes taxes(?: comprises| incluses)?)(?: (?:a|en) (?:votre|notre) (?:credit|faveur))?",
        0.98,
    ),
    (
        r"montant (?:total |net )?(?:ttc\b|t\.t\.c)|net (?:a payer )?ttc|montant total brut|total brut|total \(?inc|grand total|invoice total|amount incl|"
        r"rechnungssumme brutto|gesamt(?:betrag|summe)(?! \(?(?:netto|ohne|exkl|excl))|brutto(?:betrag|summe|gesamt)|(?:summe|gesamt) \(?brutto|rechnungs-?(?:betrag|summe|total)\b(?! \(?(?:netto|ohne|exkl|excl))|(?:total|summe|betrag) \(?inkl|gesamtpreis|endbetrag|endsumme|gutschrifts?betrag|erstattungsbetrag|gesamt brutto|"
        r"total (?:de la )?factura|importe (?:de la )?factura|tot\.? (?:documento|doc|fattura|fatt)\b|importo totale|eindtotaal|eindbedrag|gross (?:amount|total)|total gross|total (?:\(?con iva|\(?iva incl|\(?impuestos incl)|importe total|totale (?:fattura|documento|complessivo|ivato|lordo|generale|\(?iva incl)|"
        r"totaal \(?incl|totaalbedrag|factuurbedrag|factuurtotaal|totaal inclusief",
        0.95,
    ),
    (
        r"\bttc\s*:|^ttc$|(?:net|montant|total|solde) a (?:deduire|rembourser|crediter)|(?:total|amount|importe) (?:credit|refund)\w*|total de la facture|total facture|total amount|^(?:brutto|gesamt)\s*:?(?=\s*(?:[\d€-]|$|eur))",
        0.85,
    ),
    (
        r"^(?:total|totale|totaal|summe)(?: (?:general|eur|\(eur\)|€|\(€\)|gbp|usd|\(gbp\)|\(usd\)))?\s*:?(?=\s*(?:[\d$€£-]|$|eur|gbp|usd))",
        0.75,
    ),
)
TO_PAY = labels(
    (
        r"reste (?:du|a (?:payer|regler|devoir))|net a (?:payer|regler)|solde (?:restant )?(?:du|a (?:payer|regler))|(?:montant|somme) (?:restante? |nette? |totale? )?(?:ttc )?(?:due?|a (?:payer|regler))\b|total net a (?:payer|regler)",
        0.97,
    ),
    (
        r"(?:amount|balance|total)(?: now)? (?:due|payable|owed|owing)|(?:balance|amount|total) to pay|due payable|zahlbetrag|zu zahlender betrag|zu zahlen|zahlungsbetrag|offener (?:rechnungs)?betrag|restbetrag|"
        r"total a (?:payer|regler|pagar)|falliger betrag(?: inkl\.? kaution)?|somme a (?:payer|regler)|(?:importe|liquido|cantidad|saldo|resto|total) (?:pendiente|a pagar|a percibir|adeudado)|importe liquido|"
        r"netto a pagare|totale (?:da pagare|da saldare|dovuto|a pagare|a saldo)|importo (?:da pagare|dovuto)|saldo (?:da pagare|a pagare|dovuto)|totale da versare|importo a pagare|"
        r"(?:totaal |nog |bedrag )?te (?:betalen|voldoen)|openstaand(?: saldo| bedrag)?|restant bedrag|a devoir",
        0.95,
    ),
    (r"^(?:a payer|a regler|a pagar|da pagare|pendiente)\b|solde (?:ttc|de la facture)|^solde\s*:?$", 0.85),
)
PREPAID = labels(
    (
        r"(?:montant |deja |somme )+(?:deja )?(?:verse|regle|paye|percu)e?s?|(?:acomptes?|provisions?|arrhes) (?:deja )?(?:verse|percu|regle|deduit|recu|paye)|total (?:des )?acomptes?|"
        r"amount paid|paid amount|payments? (?:received|applied)|deposit (?:paid|received)|paid to date|amount received|(?:versement|reglement|avance)s? (?:recu|versee|percue|effectue)e?s?|vorauszahlung|bereits erhalten|geleistete zahlung|caparra|\bsenal\b|less (?:deposit|payment)s?(?: received| paid)?|(?:erhaltene |geleistete )?(?:anzahlung|abschlagszahlung)|bereits (?:be|ge)zahlt|"
        r"(?:importe |ya )pagado|\bpaye le\b|entregad[ao] a cuenta|anticipo(?: recibido| ricevuto)?|pago a cuenta|entrega a cuenta|(?<!d')acconto(?: versato| ricevuto)?|gia (?:pagato|versato)|aanbetaling|reeds (?:betaald|voldaan|ontvangen)|voorschot",
        0.95,
    ),
    (
        r"^(?:- ?|moins )?acomptes?(?: n°? ?\S+(?=\s|$))?(?: du(?: [\d/.]+)?(?=\s|$))?\s*:?(?=\s*(?:[\d-]|$))|prepaid|^avances?\s*:?$|^(?:less )?deposit\b|^paid\b\s*:?(?=\s*(?:[\d$€£-]|$))|^arrhes\b|\ba cuenta|"
        r"acomptes? (?:du|sur|facture)|situations? precedentes?",
        0.85,
    ),
    (r"^(?:less )?payments?\s*:?(?=\s*(?:[\d$€£-]|$))", 0.7),  # believed where the amount due agrees
)
# What the customer pays to the tax office, or keeps as a guarantee, instead of paying the seller.
WITHHELD = labels((r"\birpf\b|\bretencion|\britenut[ae]\b|\bretenue\b|einbehalt|\bretention\b|\binhouding\b", 0.95))

# « Total TTC des pénalités », « TVA intracommunautaire » and the like speak of something else.
NOT_A_SUM = re.compile(
    r"penalit|indemnit|escompte|capital|cap\. ?soc|dernier|prochain|\blast\b|letzte|ultim[oa]\b|vorige|remise|intracom|n° (?:de )?(?:tva|t\.v\.a)|avant|unitaire|p\.?u\.? |precedent|previous|economi|"
    r"interessi|verzug|interes(?:es)? de|rabais|report\b|ubertrag|zuschlag|abschlage|a reporter|carried|brought|transport|riporto|suma y sigue|unit price"
)

CREDIT_NOTE = r"(?:facture d'avoir|avoir)\b|credit (?:note|memo)\b|note de credit\b|gutschrift\b|rechnungskorrektur\b|stornorechnung\b|factura rectificativa\b|abono\b|nota (?:di|de) credito\b|credit ?nota\b|creditfactuur\b"
KINDS = labels(
    (rf"^(?:{CREDIT_NOTE})", 0.9),
    (
        r"^(?:facture|invoice|reverse invoice|tax invoice|vat invoice|sales invoice|(?:schluss|abschlags|teil)?rechnung|note d'honoraires|factura|fattura|factuur|verkoopfactuur|parcella|bolletta|quittance)\b|\bfacture n|\brechnung n",
        0.9,
    ),
    (r"^(?:facture |fattura |factura )?pro ?-?forma", 0.95),
    (r"^devis\b|^quotation\b|^quote\b|^angebot\b|^presupuesto\b|^preventivo\b|^offerte\b", 0.85),
    (r"^bon de commande\b|^commande n|^purchase order\b|^bestellung\b|^pedido\b|^ordine d'acquisto\b", 0.85),
    (r"^bon de livraison\b|^delivery note\b|^lieferschein\b|^albaran\b|^pakbon\b|^ddt\b", 0.85),
)
KIND_NAMES = ("credit_note", "invoice", "proforma", "quote", "order", "delivery_note")

# Nothing is added to the net: small businesses, reverse charge, exempt trades.
NO_TAX = re.compile(
    r"\b293 ?b\b|tva non applicable|exonere|autoliquidation|non assujetti|reverse charge|zero[- ]rated|vat exempt|no vat|kleinunternehmer|§ ?19|steuerschuldnerschaft|"
    r"umsatzsteuerfrei|steuerfrei|exenta|exento|inversion del sujeto|\besente\b|non imponibile|regime forfettario|inversione contabile|fuori campo|vrijgesteld|verlegd|kleineondernemers"
)

# Words that only one language prints on its invoices.
LANGUAGES = {
    "fr": re.compile(r"\b(?:facture|montant|echeance|reglement|designation|quantite|client|siret|tva|ttc|penalites?|livraison|avoir)\b"),
    "en": re.compile(r"\b(?:invoice|amount|due|payment|description|quantity|qty|bill(?:ed)?|vat|subtotal|thank|company|customer|total)\b"),
    "de": re.compile(
        r"\b(?:rechnung|betrag|mwst|ust|menge|einzelpreis|kunden|zahlbar|netto|brutto|gesamt|steuer|lieferung|bank|gmbh|tage)\b"
    ),
    "es": re.compile(r"\b(?:factura|importe|vencimiento|iva|cantidad|precio|cliente|pago|fecha|base imponible|cif|nif)\b"),
    "it": re.compile(r"\b(?:fattura|importo|scadenza|iva|quantita|prezzo|cliente|pagamento|data|imponibile|p\.?iva|spett)\b"),
    "nl": re.compile(r"\b(?:factuur|bedrag|vervaldatum|btw|aantal|prijs|klant|betalen|datum|subtotaal|kvk|factuurnummer)\b"),
}


def language_of(flat: str) -> str:
    """The language the words of the page are in; French when nothing tells."""
    return max(LANGUAGES, key=lambda language: len(LANGUAGES[language].findall(flat)))
