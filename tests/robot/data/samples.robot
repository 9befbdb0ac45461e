*** Settings ***
Documentation       Samples judged together
Library             harness.robot_library

*** Test Cases ***
Presses Are Answered
    [Tags]    BTN-01
    Driver Logs In
    Repeat As Required    BTN-01    A Press Is Answered

*** Keywords ***
A Press Is Answered
    ${press} =    Driver Presses    messaging
    Head Unit Should Reach    listening    after=${press}
