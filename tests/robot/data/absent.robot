*** Settings ***
Documentation       What a car does not have
Library             harness.robot_library

*** Test Cases ***
A Call Of The Phone
    [Tags]    CALL-04
    Driver Presses    messaging
