*** Settings ***
Documentation       The driver leaves, in words
Library             harness.robot_library
Test Setup          Driver Logs In

*** Test Cases ***
Leaving Logs Out
    [Documentation]    The driver leaves by the car's rule: CAN, screen and account agree on the logout.
    [Tags]    OUT-01
    ${left} =    Car Happens    driver_leaves
    Session Should Reach    logged_out    after=${left}
    Screen Should Show    logged_out    after=${left}
    Account Session Should Close    after=${left}

Only Leaving Logs Out
    [Documentation]    A stop at the lights and a passenger who gets out log nobody out.
    [Tags]    OUT-02
    ${stop} =    Car Happens    engine_stop_start
    Session Should Stay    active    after=${stop}
    ${passenger} =    Car Happens    passenger_leaves
    Session Should Stay    active    after=${passenger}
    Account Session Should Stay Open    after=${passenger}

Nothing Of The Driver Is Left
    [Documentation]    After logout nothing of the user is on a bus, in the console or in diagnostics.
    [Tags]    OUT-05
    ${sent} =    Contact Sends Voice    ten_minutes.zh
    Head Unit Prompts    after=${sent}
    Driver Presses    messaging
    ${left} =    Car Happens    driver_leaves
    ${gone} =    Head Unit Logs Out    after=${left}
    Nothing Happens For    2 s
    No Trace Should Be Left    after=${gone}
