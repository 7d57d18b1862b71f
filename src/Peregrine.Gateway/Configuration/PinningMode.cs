namespace Peregrine.Gateway.Configuration;

/// <summary>What becomes of a tool whose definition is another than it was when it was first seen.</summary>
public enum PinningMode : byte
{
    /// <summary>It is offered; the change is logged and shown until it is accepted.</summary>
    Warn,

    /// <summary>It is not offered until the change is accepted.</summary>
    Refuse,

    /// <summary>Definitions are not compared.</summary>
    Off,
}
