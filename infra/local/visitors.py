"""Who is asking? Any page of the web may send requests to 127.0.0.1; a browser then says where they come from.

Our own pages ask browsers for `no-referrer`, and a form they post then comes with `Origin: null`, like that of a hostile
frame: what tells them apart is Sec-Fetch-Site. Command lines and functions say nothing of all this.
"""

from starlette.datastructures import Headers

from infra.local.settings import SITE_ORIGIN

NEIGHBOURS = ("same-origin", "same-site")  # the store is on the same host as the site, behind another port


def foreign(headers: Headers) -> bool:
    origin, relation = headers.get("origin"), headers.get("sec-fetch-site")
    if origin == "null":
        return relation not in NEIGHBOURS
    return origin not in (None, SITE_ORIGIN)
