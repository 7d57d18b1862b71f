namespace Peregrine.Protocol.Versions;

/// <summary>The two eras of MCP: they differ in lifecycle, not only in messages.</summary>
public enum ProtocolEra : byte
{
    /// <summary>2024-11-05 to 2025-11-25: a handshake (<c>initialize</c>) opens a session.</summary>
    Session,

    /// <summary>2026-07-28 and later: every request carries version and capabilities in <c>params._meta</c>.</summary>
    Stateless,
}
