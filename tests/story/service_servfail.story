# 0.5: stop 4 fails: "cannot tell" about the domain is 500, not 404.
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._sip.im.example SERVFAIL
	_im._xmpp.im.example SERVFAIL
	_xmpp-server._tcp.im.example SERVFAIL
	_xmpps-server._tcp.im.example SERVFAIL
	im.example SERVFAIL
sip sends m1 to tel:+12025550100
m1 ends 500 temporary retry-after
