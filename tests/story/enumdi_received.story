# S-09, TEL-12: enumdi of a peer that is believed: no question for ENUM.
config
	routing: {fallback: "sip:198.51.100.9:5080"}
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
sip sends m1 to tel:+12025550100;enumdi skip-enum
asked nothing
sip tries m1 at tel:+12025550100;enumdi 198.51.100.9 5080 udp
sip answers m1 200
m1 ends 200 delivered wire
