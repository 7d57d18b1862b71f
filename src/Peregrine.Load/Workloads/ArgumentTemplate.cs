using System.Text.Json;
using Peregrine.Protocol.Buffers;

namespace Peregrine.Load.Workloads;

/// <summary>Arguments as bytes with generators between them. Immutable; what changes lies in <see cref="ArgumentState"/>.</summary>
internal sealed class ArgumentTemplate
{
    private readonly ArgumentPiece[] _pieces;
    private readonly int _expected;

    private ArgumentTemplate(ArgumentPiece[] pieces, int expected) => (_pieces, _expected) = (pieces, expected);

    /// <summary>True where the expected argument was found: its value is a text, constant or generated.</summary>
    internal bool HasExpected => _expected >= 0;

    /// <summary>True where every call has the same arguments.</summary>
    internal bool IsConstant => _pieces.All(static piece => piece.Kind == ArgumentPieceKind.Constant);

    /// <summary>How many generators count.</summary>
    internal int PieceCount => _pieces.Length;

    /// <summary>The constant value of the expected argument, or null where it is generated.</summary>
    internal string? ConstantExpectation { get; private init; }

    /// <summary>Reads arguments; adds what is wrong to <paramref name="faults"/>.</summary>
    /// <param name="json">One JSON object.</param>
    /// <param name="expectedArgument">The top-level argument that replies are compared with, or null.</param>
    /// <param name="place">Where they stand, for messages.</param>
    /// <param name="faults">Takes what is wrong.</param>
    internal static ArgumentTemplate? Parse(string json, string? expectedArgument, string place, List<string> faults)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                faults.Add($"{place}: must be a JSON object, found {document.RootElement.ValueKind}");
                return null;
            }

            var before = faults.Count;
            var reader = new ArgumentReader(expectedArgument, place, faults);
            var pieces = reader.Read(document.RootElement);
            return faults.Count > before ? null : new ArgumentTemplate(pieces, reader.ExpectedPiece) { ConstantExpectation = reader.ConstantExpectation };
        }
        catch (JsonException exception)
        {
            faults.Add($"{place}: no JSON: {exception.Message}");
            return null;
        }
    }

    /// <summary>Writes the arguments of the next call.</summary>
    /// <param name="writer">Takes them.</param>
    /// <param name="state">The generators' state, of one worker.</param>
    /// <param name="expected">Takes the generated value that the reply must contain, where there is one.</param>
    internal void Write(PooledByteWriter writer, ArgumentState state, PooledByteWriter expected)
    {
        for (var i = 0; i < _pieces.Length; i++)
        {
            var start = writer.Length;
            _pieces[i].Write(writer, state, i);
            if (i == _expected && ConstantExpectation is null)
            {
                // Without the quotes.
                expected.Write(writer.WrittenSpan[(start + 1)..^1]);
            }
        }
    }
}
