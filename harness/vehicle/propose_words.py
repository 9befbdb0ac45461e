"""How cars name things: the words by which a role is known in message names, signal names, comments and value tables.

Theory. Names in databases are English, German or pinyin, mostly abbreviated, glued together by case or underscores:
``VCLEFT_frontOccupancySwitch``, ``SiBelegung_FS``, ``ZuoYiZhuangTai``. A role is described by groups of words of which
each must be met (a seat, and somebody on it, and the driver's), words that speak against it (a seat heater), and for
each of its states the words its label has. Short words must stand alone; words of five letters or more, and Chinese
ones, also count inside others.
"""

# ruff: noqa: E501 - tables read best with one entry on each line
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import pairwise
from typing import NamedTuple

_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[\u4e00-\u9fff]+")
_GLUED = 5


def _w(text: str) -> frozenset[str]:
    return frozenset(text.split())


class Words(NamedTuple):
    """``all_of``: groups of which each must be met; ``any_of`` makes surer; ``none_of`` speaks against."""

    all_of: tuple[frozenset[str], ...]
    any_of: frozenset[str] = frozenset()
    none_of: frozenset[str] = frozenset()
    bits: int = 6
    """The most bits it may have."""


DRIVER = _w(
    "driver driv fl drv drvr dr fd fs fa dvr df lf fahrer fahrers left front jiashi jiashiyuan zhujia 主驾 驾驶员"
)
PASSENGER = _w("passenger pass fr psgr psg ps ast co bf beifahrer fujia codriver pf rf right assist fujiashi 副驾")
REAR = _w("rear rl rr rear2 hinten rhl rhr houpai second third 后排")
COMFORT = _w("heat heater heated warmer vent cool fan massage memory mem lumbar track tilt recline lift belt buckle cushion "
             "adjust motor mirror window win lamp light handle child isofix pwm backrest cond cmd req request rq warn warning "
             "fault diag err error dtc counter lights seatbelt voltage temp temperature")  # fmt: skip
WHEEL = _w("swc mfl mfsw stw sws swrc swi steer steering wheel lenkrad fangxiangpan multifunction mfk mufu swbtn stwl "
           "button btn switch sw key taste 方向盘 按键")  # fmt: skip
STRICTLY_WHEEL = _w("swc mfl mfsw stw sws swrc swi steer steering lenkrad fangxiangpan mufu swbtn stwl 方向盘")
PRESS = _w("button btn switch sw key pressed press psd taste tip anjian anniu push short 按键 按钮")
NOT_BUTTON = _w("dtc window win mirror seat wiper light lamp turn indicator cruise acc hazard horn lim angle torque park brake "
                "trunk door hvac parking gear fog beam esp")  # fmt: skip

ROLE_WORDS: dict[str, Words] = {
    "wheel.messaging": Words(
        (WHEEL, _w("voice ptt msg message messaging wechat weixin vr speech sds sprach sprachbedienung yuyin star favorite "
                   "favourite fav custom assistant siri talk chat mic xiaoxi 微信 语音 消息"),), PRESS, NOT_BUTTON, 4),
    "wheel.next": Words((WHEEL, _w("next nxt seekup skipf forward naechster vor xiayiqu xiayishou 下一")), PRESS, NOT_BUTTON, 4),
    "wheel.previous": Words((WHEEL, _w("previous prev prv seekdown skipb vorheriger zurueck shangyiqu shangyishou 上一")), PRESS, NOT_BUTTON, 4),
    "wheel.volume_up": Words((WHEEL, _w("volup volumeup volinc volplus lauter yinliangjia vol+ volp 音量加")), PRESS, NOT_BUTTON, 4),
    "wheel.volume_down": Words((WHEEL, _w("voldn voldown volumedown voldec volminus leiser yinliangjian volm 音量减")), PRESS, NOT_BUTTON, 4),
    "wheel.hangup": Words((WHEEL, _w("hangup hookon onhook endcall callend auflegen guaduan hang end 挂断")), PRESS, NOT_BUTTON, 4),
    "wheel.mute": Words((WHEEL, _w("mute stumm jingyin 静音")), PRESS, NOT_BUTTON, 4),
    "seat.driver": Words(
        (_w("seat seats sitz si zuoyi chair occupant occupancy driver 座椅"),
         _w("occupied occupancy occ occup occupant belegung belegt sbr ods present presence zhanyong 占用 有人"), DRIVER),
        _w("stat status state sensor switch class"), REAR | (COMFORT - {"belt", "switch"}) | PASSENGER, 4),
    "seat.passenger": Words(
        (_w("seat seats sitz si zuoyi chair occupant occupancy 座椅"),
         _w("occupied occupancy occ occup occupant belegung belegt sbr ods present presence zhanyong 占用 有人"), PASSENGER),
        _w("stat status state sensor switch class"), REAR | (COMFORT - {"belt", "switch"}), 4),
    "belt.driver": Words((_w("belt blt buckle buckled gurt gurtschloss seatbelt seatbuckle anquandai fastened 安全带"), DRIVER),
                         _w("stat status state switch sw"), REAR | PASSENGER | _w("warn warning lamp reminder chime fault count heat pretension"), 4),
    "door.driver": Words((_w("door doors dr tuer tuerkontakt tur chemen ajar latch men 车门"), DRIVER),
                         _w("stat status state open opened ajar sw offen switch"), REAR | PASSENGER | _w("lock unlock handle window win mirror trunk hood cmd req request key rel int persist light lamp courtesy recirc warn pulled belt seatbelt seat ziel"), 4),
    "door.passenger": Words((_w("door doors dr tuer tuerkontakt tur chemen ajar latch men 车门"), PASSENGER),
                            _w("stat status state open opened ajar sw offen switch"), REAR | _w("lock unlock handle window win mirror trunk hood cmd req request key rel int persist light lamp courtesy recirc warn pulled belt seatbelt seat ziel"), 4),
    "ignition": Words((_w("ignition ign ignsw igns kl15 klemme zuendung zas dianhuo powermode pwrmode usgmod usagemode sysmode keyst keystate terminal powerstate 点火 电源模式"),),
                      _w("stat status state mode position pos switch sw"), _w("key_in warn lamp fuel timing coil angle spark type anf aktiv nm run_start warning timer time relay req cmd request stable"), 4),
    "engine": Words((_w("engine eng motor fadongji vcu 发动机"), _w("state stat status sts running run laeuft zustand zhuangtai lauf mode")), _w("ready"),
                    _w("torque speed temp rpm drehzahl oil coolant fault warn lamp fan req request stop_req pressure mil immobilizer trackmode brake mount"), 4),
    "gear": Words((_w("lvrpos leverpos gear gearsel gearpos prnd prndl shifter wahlhebel waehlhebel fahrstufe gang getriebe selector lever dangwei 档位 挡位"),),
                  _w("pos position sel selected state stat status lvr lever act actual actl target display cur current"),
                  _w("nr act next temp torque ratio valid validity fault req request warn reverse rvrse shift_req oil counter checksum steer sport tip manual invalid cmd"), 5),
    "brake": Words((_w("brake brk pedl bremse bremspedal shache zhidong bremslicht 制动 刹车"),),
                   _w("pedal pressed press sw switch stat status state light ped bls applied"),
                   _w("park prk parking accelerator accel epb pressure torque temp fault warn req request force assist pad fluid wear lining disc hold emergency aeb cmd prefill jerk counter electric bremsmoment bremsdruck pct pos percent regen"), 3),
    "speed": Words((_w("speed spd vehspd vehspeed vspeed geschwindigkeit velocity v chesu vss 车速"), _w("vehicle veh car display disp uispeed signal kmh vehspd fahrzeug vehspeed che geschwindigkeit actual tacho vss esp")),
                   _w("disp display esp abs avg average"),
                   _w("engine eng motor wheel rad fan wiper turbine valid validity qbit limit target set cruise acc counter checksum angle steer steering yaw rate rpm lead req request limiter warn accel oil ratio min max threshold front rear left right fl fr rl rr unit units zone controlled wish tolerance suspension blower sta lkas tsr navi lockout disabled rad"), 32),
    "lock": Words((_w("lock locked central zv verriegelung zhongkong suo 锁 中控"),), _w("door doors stat status state central veh vehicle"),
                  _w("steering child diff block unlockreq req request cmd wheel column differential torque clutch elv trunk key antilock abs warn fuel glove driver converter"), 4),
    "key": Words((_w("key peps fob schluessel yaoshi kessy smartkey 钥匙"), _w("pos position location loc in inside incar present presence zone detected where stat weizhi status")),
                 _w("peps car auth"), _w("switch battery batt low warn ignition lamp button num number id unlock lock learn reminder voltage challenge"), 4),
    "camera.reverse": Words((_w("camera cam rvc rfk avm rearview kamera shexiangtou 倒车影像"), _w("state stat status active on reverse rear display rvs rev daoche act zustand")), frozenset(),
                            _w("fault lane err error dirty blocked line lead front speed sign cal req"), 3),
    "warning.safety": Words((_w("warning warn wrn warnung collision fcw aeb safety jinggao 预警"), _w("adas ads asdm fcw aeb collision state stat active safety front gefahr")), frozenset(),
                            _w("belt door lamp fuel oil tyre tire pressure temp low service sound volume setting set avail sensitivity timing"), 3),
    "network.vehicle_awake": Words((_w("nm nwm network netz wangluo"), _w("awake wake wakeup alive veh stayawake ring aktiv wach active keepalive")), frozenset(), _w("counter"), 3),
    "phone.call_hfp": Words((_w("phone call hfp bt bluetooth tel telefon dianhua 电话"), _w("state stat status hfp call active ringing sts zustand")), _w("hfp bluetooth bt"), _w("signal battery roam emergency ecall cmd req volume vol number id voice network ctrl"), 4),
    "cluster.prompt": Words((_w("ic cluster kombi clu yibiao dis icm popup prompt tishi"), _w("prompt popup shown notice msgdisp prm tishi")), frozenset(), _w("req request cmd"), 5),
    "amplifier.safety_chime": Words((_w("amp amplifier verstaerker gongfang chime buzzer gong"), _w("chime chm safety safe gong buzzer warnton")), frozenset(), _w("volume vol set"), 3),
    "head_unit.app": Words((_w("app messaging wechat weixin im application appstate 微信"), _w("state stat status sts mode act zhuangtai appstate")), _w("hu ivi ihu"), _w("carplay android naviapp lock apps list"), 5),
    "head_unit.session": Words((_w("session login account user denglu loggedin usersession 登录"),), _w("state stat status hu ivi"), _w("req cmd id profile seat"), 4),
    "head_unit.unread": Words((_w("unread newmsg weidu pending ungelesen 未读"),), _w("count cnt num msg"), frozenset(), 16),
    "head_unit.audio": Words((_w("audio sound aud media ton yinpin duck"), _w("state stat status source sts duck")), _w("hu ivi"), _w("volume vol bass treble alloc setting req cmd ctrl amp"), 4),
    "head_unit.alive": Words((_w("alive counter cnt ctr statuscnt rolling"),), _w("status stat hu ivi alive"), _w("crc"), 8),
    "head_unit.ready": Words((_w("ready boot bootstate startup opstate poweron powerstate hochlauf"),), _w("hu ivi state stat status"), _w("req cmd camera hud"), 4),
    "head_unit.navigation": Words((_w("navi nav navigation daohang guidance"), _w("state stat status active guidance route sts act")), frozenset(), _w("req cmd camera distance lane sign speed display street"), 4),
    "head_unit.cluster": Words((_w("cluster kombi ic clu yibiao"), _w("prompt popup notice request req msg text")), frozenset(), _w("brightness volume"), 5),
    "head_unit.view": Words((_w("view screen viewid display bildschirm screenid page jiemian"), _w("id state stat view screen no num")), _w("hu ivi"), _w("brightness camera around avm day night req cmd navi surround type light"), 8),
}  # fmt: skip

HEAD_UNIT_NODES = _w("hu h_u ivi ihu mhu ivs mmi icc dhu avn avnt headunit radio infotainment mp5 hut cic nbt mib ics cdc aio "
                     "dmc acp apim hmi multimedia csd ecc_hu mmu mmc zhuji huc")  # fmt: skip

ON = _w("on true yes active aktiv ein an enabled detected set ja engaged kai")
OFF = _w("off false no inactive inaktiv aus disabled none notdetected unset nein not idle guan nothing")
NEGATIONS = _w("nicht not no non un kein keine bu wei mei")
INVALID_WORDS = _w("sna invalid na ungueltig fault error fehler undefined unknown unavailable notavailable signalna failure "
                   "init defective unbekannt wuxiao 无效")  # fmt: skip

STATE_WORDS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "button": {"pressed": _w("pressed press psd gedrueckt betaetigt active anxia push down 按下") | ON,
               "released": _w("released free npsd unpressed notpressed nichtgedrueckt rest normal losgelassen songkai up 松开") | OFF},
    "seat": {"occupied": _w("occupied occ belegt present seated youren zhanyong adult passenger person 有人") | ON,
             "empty": _w("empty unoccupied notoccupied nichtbelegt frei leer vacant wuren absent 无人") | OFF},
    "belt": {"fastened": _w("fastened buckled locked gesteckt geschlossen belted closed jihao 系") | ON,
             "open": _w("unfastened unbuckled open offen notfastened unbelted opened unlocked weixi 未系") | OFF},
    "door": {"open": _w("open opened ajar offen auf geoeffnet kai dakai notclosed 开") | ON,
             "closed": _w("closed close shut zu geschlossen guan guanbi latched notopen 关") | OFF},
    "ignition": {"off": _w("off lock aus kl30 sleep locked out stop guan abandoned") - ON,
                 "acc": _w("acc accessory radio kls kl_s klr fujian"),
                 "on": _w("on run ign kl15 ein running drive ready ig2 ig1 igon"),
                 "crank": _w("crank start kl50 cranking starting anlassen qidong")},
    "engine": {"off": _w("off stopped stop aus stillstand tingzhi steht") , "cranking": _w("crank cranking start starting anlassen"),
               "running": _w("running run laeuft on idle lauf yunxing ready"), "auto_stop": _w("autostop stopstart startstop ssa idlestop halted")},
    "gear": {"P": _w("p park parking parken"), "R": _w("r reverse rev rueckwaerts"), "N": _w("n neutral"), "D": _w("d drive fahren forward"),
             "M": _w("m manual tiptronic")},
    "brake": {"pressed": _w("pressed applied depressed betaetigt getreten caixia press") | ON,
              "released": _w("released notpressed notapplied notdepressed unbetaetigt free frei") | OFF},
    "lock": {"unlocked": _w("unlocked unlock entriegelt offen jiesuo open"), "locked_outside": _w("lockedoutside lockedout locked lock verriegelt suoding superlocked external"),
             "locked_inside": _w("lockedinside lockedin internal inside")},
    "key": {"in_car": _w("incar inside in interior inner present innen chenei detected found cabin"), "out": _w("out outside absent none notfound aussen notdetected chewai notpresent missing away far")},
    "camera": {"off": OFF | _w("hidden"), "on": ON | _w("display displayed shown rear")},
    "warning": {"none": OFF | _w("nowarning"), "active": ON | _w("warning warn alarm level")},
    "network": {"awake": ON | _w("awake wake stayawake requested"), "asleep": OFF | _w("asleep sleep released")},
    "phone": {"idle": OFF | _w("idle nocall noconnection"), "ringing": _w("ringing incoming ring alerting"), "active": _w("active call talking connected incall dialing")},
    "cluster": {"none": OFF, "new_message": _w("newmessage message msg"), "incoming_call": _w("incomingcall call"), "logged_in": _w("loggedin login"),
                "logged_out": _w("loggedout logout"), "warning": _w("warning warn")},
    "amplifier": {"none": OFF | _w("quiet silent"), "active": ON | _w("sounding")},
}  # fmt: skip

COUNTER = _w("counter cnt ctr bz alive aliv rollingcounter rolling rc msgcnt msgcounter zaehler botschaftszaehler mc seq "
             "sequence alivecounter lebenszaehler jishu rollcnt livecounter")  # fmt: skip
CHECKSUM = _w("crc checksum chksum chk cks chks cs pruefsumme jiaoyan crc8 crc16 xor sum")


@cache
def parts(name: str) -> tuple[str, ...]:
    """The words of a name, in lower case: ``VCLEFT_frontLatch15`` -> vcleft, front, latch, 15."""
    return tuple(part.lower() for part in _PARTS.findall(name))


def met(words: Iterable[str], text: str) -> str | None:
    """The first (longest) of ``words`` that ``text`` has: alone, as two neighbours glued, or inside if long enough."""
    return _met(frozenset(words), text)


@cache
def _met(words: frozenset[str], text: str) -> str | None:
    found = parts(text)
    alone = {*found, *(a + b for a, b in pairwise(found))}
    whole = "".join(found)
    hits = [w for w in words if w in alone or ((len(w) >= _GLUED or not w.isascii()) and w in whole)]
    return max(hits, key=lambda w: (len(w), w), default=None)


def states_of(role: str) -> Mapping[str, frozenset[str]]:
    """The label words of each state of ``role``; empty where labels vary too much to be guessed."""
    family = role.partition(".")[0]
    return STATE_WORDS.get("button" if family == "wheel" else family, {})
