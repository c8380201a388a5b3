# Table 6.2: the phone network refuses a reply; the final goes back.
config
	replies: {next_hop: "sip:198.51.100.11:5060"}
xmpp sends m1 to +12025550199@gw.example.net from alice@im.example/r1
sip tries m1 at tel:+12025550199 198.51.100.11 5060 udp
sip answers m1 404
m1 ends 404 permanent wire
