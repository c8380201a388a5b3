# S-08, TEL-14: NXDOMAIN with a fallback: relayed with enumdi, once.
config
	routing: {fallback: "sip:198.51.100.9:5080"}
sip sends m1 to tel:+12025550101;tsp=a.b
sip tries m1 at tel:+12025550101;tsp=a.b;enumdi 198.51.100.9 5080 udp
sip answers m1 200
m1 ends 200 delivered wire
