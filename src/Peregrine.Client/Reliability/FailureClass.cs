namespace Peregrine.Client.Reliability;

/// <summary>What kind of failure ended an attempt, for what may follow.</summary>
internal enum FailureClass
{
    /// <summary>Trying again would end the same way, or it is no failure.</summary>
    Final,

    /// <summary>Certainly not run, and it may work soon: may be sent again, whatever it does.</summary>
    NotRun,

    /// <summary>The session was forgotten, so it was not run: to be sent again at once, on a new one.</summary>
    SessionLost,

    /// <summary>It may have run, and it may work soon: only what may run twice is sent again.</summary>
    Broken,
}
