import sys; sys.path.insert(0,"/work/main/tests/conformance")
from test_torture import *
import time
def show(bed, raw, t=0.6):
    bed.u1.udp.sendto(raw, GATEWAY); time.sleep(t)
    print("\n>>", raw[:100]); 
    for r in bed.u1.responses: print("<<", r.raw[:700].decode())
    for s in bed.x1.seen(): print("XX", s)
    print(bed.gateway.last_lines(4))
def test_a(to_xmpp):
    show(to_xmpp, request(method="!interesting-Method0123456789_*+`.%indeed'~"))
def test_a2(to_xmpp):
    show(to_xmpp, request(method="FOO'~"))
def test_a3(to_xmpp):
    show(to_xmpp, request(method="F%4`!"))
def test_b(to_xmpp):
    show(to_xmpp, request(sender="<sip:%00alice@a.example>;tag=1"))
def test_c(to_xmpp):
    show(to_xmpp, request("tel:+12025550100; ext=1"))
def test_d(to_xmpp):
    show(to_xmpp, request("tel:+1 202 555 0100"))
def test_e(to_xmpp):
    show(to_xmpp, start_line(request(), b"MESSAGE  tel:+12025550100  SIP/2.0"))
def test_f(to_sip):
    test_sip_40_rfc4475_3_3_10_a_response_that_leads_to_everybody.__wrapped__ if 0 else None
    to_sip.s1.answer = None
    sent = to_sip.u1.message()
    got = to_sip.arrival(to_sip.s1)
    second = got.vias[1].encode()
    got.reply(response(got, 200).replace(second, b"SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23"))
    time.sleep(1)
    for r in to_sip.u1.responses: print("<<", r.raw[:700].decode())
    print(to_sip.gateway.last_lines(4))
def test_g(to_xmpp):
    branch="z9hG4bK-x"
    raw = ("MESSAGE tel:+12025550100;Unknown-Param=With%%20space SIP/2.0\r\n"
           "TO :\r\n <tel:+12025550100> ;   tag-less\r\n"
           'from   : "J Rosenberg \\\\\\""   <tel:+12025550199>\r\n'
           "  ;\r\n  tag = 98asjd8\r\n"
           "MaX-fOrWaRdS: 0068\r\n"
           "Call-ID:\r\n\t%s\r\n"
           "cseq: 0009\r\n  MESSAGE\r\n"
           "V: SIP  / 2.0  /UDP\r\n  127.0.9.11:5060 ;\r\n"
           "  branch  =   %s,\r\n"
           " SIP  /    2.0   / TCP   a.example ; branch  =  z9hG4bKt\r\n"
           " , SIP / 2.0 / UDP b.example;branch=z9hG4bKu\r\n"
           "s :\r\n"
           "NewFangledHeader:   newfangled value\r\n"
           " continued newfangled value\r\n"
           "UnknownHeaderWithUnusualValue: ;;,,;;,;\r\n"
           "Content-TYPE  : text/plain\r\n"
           "l: 0005\r\n"
           "\r\nHello") % (unique(), branch)
    show(to_xmpp, raw.encode())
