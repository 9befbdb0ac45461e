*** Settings ***
Documentation       What is said, and what is heard, in words
Library             harness.robot_library
Test Setup          Driver Logs In

*** Test Cases ***
What The Driver Says Arrives Whole
    [Documentation]    What is said after the chime arrives with start and end, and intelligible.
    [Tags]    MSG-01    MSG-02
    ${press} =    Driver Presses    messaging
    ${chime} =    Chime After    ${press}
    ${said} =    Driver Says    on_my_way.zh    after=${chime}
    Contact Should Receive Whole    ${said}    requirement=MSG-01
    Contact Should Understand    ${said}    requirement=MSG-02

A Dropped Network Neither Loses Nor Doubles
    [Documentation]    The network drops while the message is on its way: it is delivered late, and once.
    [Tags]    MSG-04
    ${press} =    Driver Presses    messaging
    ${chime} =    Chime After    ${press}
    ${said} =    Driver Says    on_my_way.zh    after=${chime}
    Network Drops
    ${ended} =    Head Unit Ends Recording    after=${said.ended}
    Nothing Happens For    8 s
    ${back} =    Network Returns
    Contact Should Receive A Message    after=${back}    measuring=latency_after_network
    Contact Should Receive Once    after=${ended}    watch=30 s

A Message Waits Until It Is Asked For
    [Documentation]    An incoming message prompts, a press plays it, and it is the one that was sent.
    [Tags]    MSG-05    MSG-06
    ${sent} =    Contact Sends Voice    ten_minutes.zh
    Head Unit Should Reach    prompt    after=${sent}    requirement=MSG-05
    Head Unit Should Never Reach    playing    after=${sent}    requirement=MSG-05
    ${again} =    Contact Sends Voice    ten_minutes.zh
    Head Unit Prompts    after=${again}
    ${press} =    Driver Presses    messaging
    Speaker Should Play Message    ten_minutes.zh    after=${press}    requirement=MSG-06
    Message Played Should Be    ten_minutes.zh    after=${press}    requirement=MSG-06
