"""What an invoice says: its XML first, then the words of its page. Bytes and words in, fields out.

written.py       amounts, dates and names as people write them
identifiers.py   the numbers that identify a company or an account, and their keys
opened.py        a file opened for us: its bytes' kind, attachments, words with their places
reading.py       what was read, with its proofs; the object `reglo read --json` prints
details.py       what structured data tell in lists: lines, rates, notes, other documents
elements.py      XML from outside as plain elements, under our own limits
codes.py         what CII and UBL say in the same codes
cii.py  ubl.py   the two formats: Factur-X, XRechnung and ZUGFeRD; Peppol, XRechnung and France
xml.py           a structured invoice, whichever it is
words.py         lines, cells and labels of a page
totals.py        the sums of a page, believed when they add up
blocks.py        words that stand together: an address, a letterhead, a footer
marks.py         numbers of companies, e-mails, telephones, and where they stand
parties.py       who sells and who buys, according to the page
page.py          fields out of the words of a page
claim.py         is it a claim, whose is it, and from when
arithmetic.py    do the sums add up, do the data say what the page prints
check.py         what a careful person would notice before claiming this invoice
reader.py        all of it in order: `read`
"""
