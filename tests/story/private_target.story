# SEC-9: names from the DNS may not lead to private addresses.
config
	routing: {private_targets: refuse}
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._sip.im.example SRV 0 0 5060 one.im.example.
	one.im.example A 127.0.0.1
	_im._xmpp.im.example NXDOMAIN
sip sends m1 to tel:+12025550100
m1 ends 404 permanent
