using System.Collections.Concurrent;
using Peregrine.Client.Json;
using Peregrine.Client.Pipeline;

namespace Peregrine.Client.Reliability;

/// <summary>What tools say of themselves, as far as lists of them have passed by. Thread-safe.</summary>
internal sealed class HintRegistry
{
    private const int MaxTools = 10_000;

    private readonly ConcurrentDictionary<string, RequestSafety> _safety = new(StringComparer.Ordinal);

    /// <summary>What a tool says of itself.</summary>
    internal RequestSafety Of(string? tool) => tool is not null && _safety.TryGetValue(tool, out var safety) ? safety : RequestSafety.Unknown;

    /// <summary>Reads the result of <c>tools/list</c>.</summary>
    internal void Learn(ReadOnlySpan<byte> result)
    {
        var tools = new ArrayReader(ObjectReader.Find(result, "tools"u8));
        while (tools.Next())
        {
            if (ObjectReader.FindText(tools.Value, "name"u8) is not { } name)
            {
                continue;
            }

            var annotations = ObjectReader.Find(tools.Value, "annotations"u8);
            var safety = IsTrue(annotations, "readOnlyHint"u8) ? RequestSafety.ReadOnly
                : IsTrue(annotations, "idempotentHint"u8) ? RequestSafety.Idempotent
                : RequestSafety.Unknown;

            // A tool that no longer says so is no longer believed.
            if (safety == RequestSafety.Unknown)
            {
                _safety.TryRemove(name, out _);
            }
            else if (_safety.Count < MaxTools)
            {
                _safety[name] = safety;
            }
        }
    }

    private static bool IsTrue(ReadOnlySpan<byte> annotations, ReadOnlySpan<byte> name) => ObjectReader.Find(annotations, name).SequenceEqual("true"u8);
}
