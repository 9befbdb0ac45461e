*** Settings ***
Documentation       Long enough to be interrupted
Library             harness.robot_library

*** Test Cases ***
Takes Long
    [Tags]    BTN-01
    Nothing Happens For    60000 s

Comes Next
    [Tags]    BTN-01
    Driver Presses    messaging
