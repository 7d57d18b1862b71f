namespace Peregrine.Server.Interaction;

/// <summary>What a user did with a question.</summary>
public enum McpElicitAction : byte
{
    /// <summary>The user went away without a decision.</summary>
    Cancel,

    /// <summary>The user said no.</summary>
    Decline,

    /// <summary>The user answered; for an address: agreed to open it.</summary>
    Accept,
}
