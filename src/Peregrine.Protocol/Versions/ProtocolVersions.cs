namespace Peregrine.Protocol.Versions;

/// <summary>Names, order and negotiation of the protocol revisions. All members are pure and thread-safe.</summary>
public static class ProtocolVersions
{
    /// <summary>The newest revision known.</summary>
    public const ProtocolVersion Latest = ProtocolVersion.V2026_07_28;

    /// <summary>The newest revision that opens with <c>initialize</c>.</summary>
    public const ProtocolVersion LatestOfSessionEra = ProtocolVersion.V2025_11_25;

    private static readonly string[] Names = ["", "2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"];

    /// <summary>The supported revisions as a JSON array, newest first: <c>server/discover</c> and the error -32022 give the same list.</summary>
    public static ReadOnlySpan<byte> SupportedJson => "[\"2026-07-28\",\"2025-11-25\",\"2025-06-18\",\"2025-03-26\",\"2024-11-05\"]"u8;

    /// <summary>The revision that <paramref name="utf8"/> names, or <see cref="ProtocolVersion.Unknown"/>.</summary>
    public static ProtocolVersion Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length != 10)
        {
            return ProtocolVersion.Unknown;
        }

        if (utf8.SequenceEqual("2026-07-28"u8))
        {
            return ProtocolVersion.V2026_07_28;
        }

        if (utf8.SequenceEqual("2025-11-25"u8))
        {
            return ProtocolVersion.V2025_11_25;
        }

        if (utf8.SequenceEqual("2025-06-18"u8))
        {
            return ProtocolVersion.V2025_06_18;
        }

        if (utf8.SequenceEqual("2025-03-26"u8))
        {
            return ProtocolVersion.V2025_03_26;
        }

        return utf8.SequenceEqual("2024-11-05"u8) ? ProtocolVersion.V2024_11_05 : ProtocolVersion.Unknown;
    }

    /// <summary>The revision that <paramref name="text"/> names, or <see cref="ProtocolVersion.Unknown"/>.</summary>
    public static ProtocolVersion Parse(ReadOnlySpan<char> text)
    {
        for (var i = 1; i < Names.Length; i++)
        {
            if (text.SequenceEqual(Names[i]))
            {
                return (ProtocolVersion)i;
            }
        }

        return ProtocolVersion.Unknown;
    }

    /// <summary>The date by which the specification names <paramref name="version"/>; empty for Unknown.</summary>
    public static string ToText(this ProtocolVersion version) => Names[(int)version];

    /// <summary>The date by which the specification names <paramref name="version"/>, in UTF-8; empty for Unknown.</summary>
    public static ReadOnlySpan<byte> ToUtf8(this ProtocolVersion version) => version switch
    {
        ProtocolVersion.V2024_11_05 => "2024-11-05"u8,
        ProtocolVersion.V2025_03_26 => "2025-03-26"u8,
        ProtocolVersion.V2025_06_18 => "2025-06-18"u8,
        ProtocolVersion.V2025_11_25 => "2025-11-25"u8,
        ProtocolVersion.V2026_07_28 => "2026-07-28"u8,
        _ => default,
    };

    /// <summary>The era to which <paramref name="version"/> belongs.</summary>
    public static ProtocolEra Era(this ProtocolVersion version) =>
        version >= ProtocolVersion.V2026_07_28 ? ProtocolEra.Stateless : ProtocolEra.Session;

    /// <summary>
    /// The revision with which a server answers <c>initialize</c>: the one asked for where it belongs to the session era,
    /// else the latest of that era (specification 2025-11-25, lifecycle, version negotiation).
    /// </summary>
    public static ProtocolVersion NegotiateInitialize(ProtocolVersion requested) =>
        requested is ProtocolVersion.Unknown or >= ProtocolVersion.V2026_07_28 ? LatestOfSessionEra : requested;

    /// <summary>True where an error whose request id could not be read may leave the id out; older schemas demand <c>null</c>.</summary>
    public static bool OmitsUnreadableId(this ProtocolVersion version) =>
        version is ProtocolVersion.Unknown or >= ProtocolVersion.V2025_11_25;
}
