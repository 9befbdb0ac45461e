*** Settings ***
Documentation       What can go wrong in a scenario
Library             harness.robot_library

*** Test Cases ***
No Requirement
    ${code} =    Code In Front
    Head Unit Should Stay    idle    after=${code}

Unknown Requirement
    ${code} =    Code In Front
    Head Unit Should Stay    idle    after=${code}    requirement=BTN-77

Unknown Tag
    [Tags]    BTN-77
    Code In Front

Unknown Keyword
    [Tags]    BTN-01
    Driver Sings    loudly

Duration Without Unit
    [Tags]    BTN-01
    Driver Presses    messaging    hold=120

Not An Instant
    [Tags]    BTN-01
    Head Unit Should Stay    idle    after=press

Unknown Event
    [Tags]    OUT-01
    Car Happens    driver_flies

Judged Nothing
    [Tags]    BTN-01
    Log    nothing of ours

Tagged And Not Judged
    [Tags]    QR-02    QR-05
    ${code} =    Code In Front
    Session Should Never Reach    active    after=${code}    requirement=QR-05

Two Misses
    [Tags]    QR-02
    ${code} =    Code In Front
    Screen Should Show    refused    after=${code}
    Account Session Should Open    after=${code}

A Swallowed Miss
    [Tags]    QR-02
    ${code} =    Code In Front
    Run Keyword And Ignore Error    Account Session Should Open    after=${code}

Skipped
    [Tags]    BTN-01
    Skip    not on this bench
