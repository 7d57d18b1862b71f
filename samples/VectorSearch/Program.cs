using System.ComponentModel.DataAnnotations;
using System.Numerics;
using Peregrine.Server;
using Peregrine.Server.Stdio;
using Peregrine.Server.Tools;

await PeregrineServer.CreateBuilder("vectors", "1.0").AddTools(new VectorTools()).RunStdioAsync();

/// <summary>A search that uses all cores, and of each core the registers that hold many numbers.</summary>
[McpTools]
public sealed class VectorTools
{
    private const int Items = 40_000, Dimensions = 128, Block = 2_000;

    private readonly float[] _vectors = new float[Items * Dimensions];

    public VectorTools()
    {
        // In place of embeddings of documents: items in pairs that resemble each other.
        var random = new Random(42);
        for (var i = 0; i < _vectors.Length; i++)
        {
            _vectors[i] = i / Dimensions % 2 == 0 ? random.NextSingle() - 0.5f : _vectors[i - Dimensions] + ((random.NextSingle() - 0.5f) / 10);
        }
    }

    /// <summary>Finds the items that resemble an item most, with their cosine, the nearest first.</summary>
    /// <param name="item">The item's number.</param>
    /// <param name="count">How many to find.</param>
    [McpTool(ReadOnly = true, Idempotent = true, CpuBound = true)] // It computes for milliseconds: on threads of their own, no more at once than there are cores.
    public string FindSimilar([Range(0, Items - 1)] int item, [Range(1, 100)] int count = 3, CancellationToken cancellationToken = default)
    {
        var scores = new float[Items];
        Parallel.For(0, Items / Block, new ParallelOptions { CancellationToken = cancellationToken }, block =>
        {
            for (var other = block * Block; other < (block + 1) * Block; other++)
            {
                scores[other] = Dot(VectorOf(item), VectorOf(other)) / MathF.Sqrt(Dot(VectorOf(item), VectorOf(item)) * Dot(VectorOf(other), VectorOf(other)));
            }
        });
        return string.Join('\n', scores.Index().Where(score => score.Index != item).OrderByDescending(static score => score.Item).Take(count).Select(static score => $"{score.Index}: {score.Item:F3}"));
    }

    private static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var sums = Vector<float>.Zero;
        for (var i = 0; i < Dimensions; i += Vector<float>.Count)
        {
            sums = Vector.FusedMultiplyAdd(new Vector<float>(left[i..]), new Vector<float>(right[i..]), sums);
        }

        return Vector.Sum(sums);
    }

    private ReadOnlySpan<float> VectorOf(int item) => _vectors.AsSpan(item * Dimensions, Dimensions);
}
