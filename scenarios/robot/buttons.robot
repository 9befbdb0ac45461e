*** Settings ***
Documentation       The messaging button, in words
Library             harness.robot_library
Test Setup          Driver Logs In

*** Test Cases ***
Press Wakes Messaging
    [Documentation]    A press wakes messaging; CAN, chime and screen agree.
    [Tags]    BTN-01
    ${press} =    Driver Presses    messaging    hold=120 ms
    Head Unit Should Reach    listening    after=${press}    requirement=BTN-01
    Speaker Should Play    chime    after=${press}    requirement=BTN-01
    Screen Should Show    listening    after=${press}    requirement=BTN-01
