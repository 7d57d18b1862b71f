using System.Runtime.CompilerServices;
using Peregrine.Protocol.Text;

namespace Peregrine.Protocol.JsonRpc;

/// <summary>The second look at an object in which two names may be equal.</summary>
public static partial class EnvelopeReader
{
    // As many names as are compared pair by pair; beyond that a hash set is cheaper and cannot be made quadratic by a sender.
    private const int NamesOnStack = 32;

    // The object is known to be valid, so that no step can fail.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FindDuplicates(ReadOnlySpan<byte> message, ref Envelope envelope, int open)
    {
        var scanner = new JsonScanner(message);
        Span<JsonRange> names = stackalloc JsonRange[NamesOnStack];
        HashSet<string>? set = null;
        var count = 0;
        var more = MoveToFirst(message, ref scanner, open, out var p);
        while (more)
        {
            var end = scanner.SkipString(p);
            var name = new JsonRange(p, end - p);
            if (IsRepeated(message, name, names, ref count, ref set))
            {
                Note(ref envelope, EnvelopeError.DuplicateMember, name.Start);
                return;
            }

            p = scanner.SkipValue(scanner.SkipColon(end), MaxDepth);
            more = MoveToNext(message, ref scanner, ref p);
        }
    }

    private static bool IsRepeated(ReadOnlySpan<byte> message, JsonRange name, Span<JsonRange> names, ref int count, ref HashSet<string>? set)
    {
        var raw = name.Of(message);
        if (set is null && count < names.Length && raw.IndexOf((byte)'\\') < 0)
        {
            for (var i = 0; i < count; i++)
            {
                if (names[i].Of(message).SequenceEqual(raw))
                {
                    return true;
                }
            }

            names[count++] = name;
            return false;
        }

        if (set is null)
        {
            set = new HashSet<string>(StringComparer.Ordinal);
            for (var i = 0; i < count; i++)
            {
                set.Add(NameOf(names[i].Of(message)));
            }
        }

        return !set.Add(NameOf(raw));
    }

    // By code units, so that names with lone surrogates are told apart, too.
    private static string NameOf(ReadOnlySpan<byte> raw) =>
        JsonText.TryGetString(raw, out var name) ? name : JsonText.UnescapeCodeUnits(raw[1..^1]);
}
