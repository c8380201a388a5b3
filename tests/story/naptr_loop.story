# S-06, ENUM-30: a loop of non-terminals; each name is asked once.
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 10 10 "" "" "" a.nt.example.
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 20 10 "u" "E2U+im" "!^.*$!im:last@im.example!" .
	a.nt.example NAPTR 10 10 "" "junk" "" b.nt.example.
	b.nt.example NAPTR 10 10 "" "" "" a.nt.example.
	_im._xmpp.im.example SRV 0 0 5269 x.im.example.
sip sends m1 to tel:+12025550100
asked 0.0.1.0.5.5.5.2.0.2.1.e164.arpa/NAPTR a.nt.example/NAPTR b.nt.example/NAPTR _im._sip.im.example/SRV _im._xmpp.im.example/SRV
xmpp tries m1 at last@im.example
xmpp answers m1 202
m1 ends 202 accepted wire
