namespace Peregrine.Load.Driving;

/// <summary>What a user is doing.</summary>
internal enum UserStep : byte
{
    /// <summary>Nothing; takes the next iteration.</summary>
    Idle,

    /// <summary>Waits for a time: thinks, pauses, or recovers from an error.</summary>
    Waiting,

    /// <summary>Awaits the reply to <c>initialize</c>.</summary>
    Opening,

    /// <summary>Awaits the answer to <c>notifications/initialized</c>, which over HTTP has one.</summary>
    Opened,

    /// <summary>Awaits the reply to a call.</summary>
    Calling,

    /// <summary>Has its reply, and waits until the whole audience has heard of the change.</summary>
    Hearing,

    /// <summary>Awaits the answer to the end of a session.</summary>
    Closing,
}
