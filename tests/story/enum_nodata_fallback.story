# S-10-c, TEL-16: NODATA with a fallback: relayed without enumdi.
config
	routing: {fallback: "sip:198.51.100.9:5080"}
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NODATA
sip sends m1 to tel:+12025550100
sip tries m1 at tel:+12025550100 198.51.100.9 5080 udp
sip answers m1 202
m1 ends 202 accepted wire
