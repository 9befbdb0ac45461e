*** Settings ***
Documentation       Long enough to be interrupted
Library             harness.robot_library
Library             Tells.py

*** Test Cases ***
Takes Long
    [Tags]    BTN-01
    Tell In A While    ${TOLD}
    Nothing Happens For    60000 s

Comes Next
    [Tags]    BTN-01
    Driver Presses    messaging
