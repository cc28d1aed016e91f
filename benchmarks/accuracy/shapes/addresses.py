"""Addresses of IPv4 and IPv6: in columns, in HTCondor's contact strings, and in other forms."""

from __future__ import annotations

from benchmarks.accuracy.shapes.shape import Shape, shapes

__all__ = ["ADDRESSES"]

COLUMNS = (
    Shape("address column, plain", "«j.»", "JobsubClientIpAddress"),
    Shape("address column, two", "«j.», «i.»", "JobsubClientIpAddress"),
    Shape("address column, IPv6", "«j6.»", "JobsubClientIpAddress"),
    Shape("address column, port", "«j.»«~:54321»", "JobsubClientIpAddress"),
    Shape("address column, virtual machine", "«j.»", "VM_IPAddr"),
    Shape("address column, mapped", "«j.|ip-mapped»", "JobsubClientIpAddress"),
    Shape("address column, contact", "<«j.»«~:9618»?addrs=«j.»-9618&noUDP&sock=startd_7430_f0c2>", "StartdIpAddr"),
    Shape("address column, session", "execute-side@matchsession/«j.»", "StartdPrincipal"),
    Shape("address column, claim", "<«j.»«~:9618»?addrs=«j.»-9618>#1652441844#8788#...", "LastPublicClaimId"),
)
TEXT = shapes(
    "address",
    "text",
    """
    option: --server «j.» -v
    port: connect «j.»:8080
    URL: http://«j.»:3128/x
    network: route «j.»/24
    brackets: [«j.»]
    known, again: from «i.» to «j.»
    dashes: ping ip-«i.|ip-dashes»
    number: addr=«i.|ip-number»;
    hexadecimal: addr=«i.|ip-hex-0x»;
    mapped: addr=«i.|ip-mapped»
    name of the reverse zone: dig «i.|ip-arpa»
    zeros: addr=«i.|ip-zeros»
    IPv6: ping6 «j6.»
    IPv6 in a URL: http://[«j6.»]:8443/
    contact: <«j.»:9618?addrs=«j.»-9618+[«j6.|ip-dashes»]-9618&noUDP>
    end of a sentence: lost contact to «j.».
    JSON: {"ip": "«j.»"}
    """,
)
ADDRESSES = (*COLUMNS, *TEXT)
