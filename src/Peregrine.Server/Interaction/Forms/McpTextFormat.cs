namespace Peregrine.Server.Interaction.Forms;

/// <summary>What the text of a form's field is.</summary>
public enum McpTextFormat : byte
{
    /// <summary>Any text.</summary>
    Any,

    /// <summary><c>email</c></summary>
    Email,

    /// <summary><c>uri</c></summary>
    Uri,

    /// <summary><c>date</c>: 2026-07-28.</summary>
    Date,

    /// <summary><c>date-time</c>, with offset.</summary>
    DateTime,
}
