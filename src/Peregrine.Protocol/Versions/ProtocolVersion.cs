namespace Peregrine.Protocol.Versions;

/// <summary>A revision of the MCP specification. Values are ordered by date, so they compare with &lt; and &gt;.</summary>
public enum ProtocolVersion : byte
{
    /// <summary>Not a revision known here.</summary>
    Unknown,

    /// <summary>Revision 2024-11-05.</summary>
    V2024_11_05,

    /// <summary>Revision 2025-03-26.</summary>
    V2025_03_26,

    /// <summary>Revision 2025-06-18.</summary>
    V2025_06_18,

    /// <summary>Revision 2025-11-25, the last of the session era.</summary>
    V2025_11_25,

    /// <summary>Revision 2026-07-28, the first of the stateless era.</summary>
    V2026_07_28,
}
