*** Settings ***
Documentation       Logging in by phone, in words
Library             harness.robot_library

*** Test Cases ***
A Cold Start Shows A Code
    [Documentation]    From ignition on, a cold unit shows a code that a phone reads.
    [Tags]    QR-01
    Car Has Power
    ${started} =    Car Starts
    Screen Should Show A Code    after=${started}

Scan And Confirm Log In
    [Documentation]    Scan and confirm log in; CAN, screen and account agree.
    [Tags]    QR-02
    Phone Scans The Code
    ${confirmed} =    Phone Confirms
    Session Should Reach    active    after=${confirmed}
    Screen Should Show    home    after=${confirmed}
    Account Session Should Open    after=${confirmed}

A Code Works Once
    [Documentation]    A second scan of a used code is refused, also for another account, and changes nothing.
    [Tags]    QR-04
    ${used} =    Driver Logs In
    ${again} =    Phone Scans The Code    ${used}    whose=other
    Phone Should Be Answered    whose=other
    Session Should Stay    active    after=${again}

Refusing Leaves The Unit Logged Out
    [Documentation]    Refused on the phone: the unit stays logged out and says so.
    [Tags]    QR-05
    Phone Scans The Code
    ${refused} =    Phone Refuses
    Screen Should Show    refused    after=${refused}
    Session Should Never Reach    active    after=${refused}

Driving Off Takes The Code Away
    [Documentation]    As soon as the car moves there is nothing to scan.
    [Tags]    QR-08
    ${moving} =    Car Happens    drive_off
    Screen Should Show No Code    after=${moving}
