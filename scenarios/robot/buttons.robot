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

Long Press Undoes
    [Documentation]    A press beyond the long-press time goes back; what was said is not sent.
    [Tags]    BTN-02    needs:button.level
    ${press} =    Driver Presses    messaging
    ${chime} =    Chime After    ${press}
    Driver Says    on_my_way.zh    after=${chime}
    ${long} =    Time Just Above    BTN-02.long_press
    ${undo} =    Driver Long Presses    messaging    hold=${long}
    Head Unit Should Reach    idle    after=${undo}    measuring=long_press
    Contact Should Receive Nothing    after=${undo}

Wrong Frames Are No Press
    [Documentation]    A press in frames whose checksum or counter is wrong is not obeyed.
    [Tags]    BTN-06    needs:button.counter    needs:button.checksum
    [Template]    A Press With ${fault} Is Not Obeyed
    wrong_checksum
    repeated_counter
    jump_above_max_delta

*** Keywords ***
A Press With ${fault} Is Not Obeyed
    ${press} =    Driver Presses In Bad Frames    messaging    ${fault}
    Head Unit Should Stay    idle    after=${press}
    # the button has to heal before the next one
    Nothing Happens For    4 s
