namespace Peregrine.Server.Content;

/// <summary>Who speaks, or for whom something is meant.</summary>
public enum McpRole
{
    /// <summary>The person.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,
}
