*** Settings ***
Documentation       Nothing that distracts, in words
Library             harness.robot_library
Test Setup          Driver Logs In

*** Test Cases ***
Nothing Distracting Can Be Reached While Moving
    [Documentation]    All reachable controls are tapped: no keyboard, no money, no Moments.
    [Tags]    DRV-01    DRV-02    DRV-03
    Car Is    moving
    ${depth} =    Smallest Count    DRV-01.depth
    ${tour} =    All Controls Are Tapped    depth=${depth}
    Tour Should Be Complete    ${tour}    requirement=DRV-01
    Tour Should Show None Of    ${tour}    keyboard    requirement=DRV-01
    Tour Should Show None Of    ${tour}    red_envelope    transfer    requirement=DRV-02
    Tour Should Show None Of    ${tour}    moments    sticker    picture    video    link    requirement=DRV-03

A Message Brings No Distraction
    [Documentation]    A friend's red envelope, opened by the button, brings neither keyboard nor money.
    [Tags]    DRV-01    DRV-02
    ${sent} =    Contact Sends    red_envelope    恭喜发财 88.00
    Head Unit Prompts    after=${sent}
    Driver Presses    messaging
    Screen Should Stay Free Of    keyboard    after=${sent}    requirement=DRV-01
    Screen Should Stay Free Of    red_envelope    transfer    after=${sent}    requirement=DRV-02
