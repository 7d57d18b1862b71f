using System.Text;

namespace Peregrine.JsonSchema.Comparing;

/// <summary>
/// Compares two schemas by the instances they take, and not by how they are written. That one takes all instances of the other is said only where it was proved; that it does not, only with an instance
/// that shows it. Between the two lies <see cref="SchemaInclusion.Unknown"/>: the question is undecidable for some schemas and costly for others, and the work spent on it is bounded.
/// </summary>
/// <remarks>No state; the same schemas get the same answer, always. Takes some milliseconds for schemas of ordinary size.</remarks>
public static class SchemaComparer
{
    /// <summary>Compares two schemas.</summary>
    /// <param name="before">The old schema, UTF-8; read during the call only.</param>
    /// <param name="after">The new schema, UTF-8; read during the call only.</param>
    /// <param name="options">How both compile; the defaults if null.</param>
    /// <exception cref="JsonSchemaException">One of them cannot be compiled.</exception>
    public static SchemaComparison Compare(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after, JsonSchemaOptions? options = null)
    {
        var (old, now) = (JsonSchema.Compile(before, options), JsonSchema.Compile(after, options));
        var (takesAllOld, refusedNow) = Judge(old, now);
        var (takesOnlyOld, takenNow) = Judge(now, old);
        return new SchemaComparison(takesAllOld, refusedNow, takesOnlyOld, takenNow, new DifferenceFinder().Find(old.Compiled.Root.Target, now.Compiled.Root.Target));
    }

    /// <summary>Whether every instance of <paramref name="part"/> is one of <paramref name="whole"/>.</summary>
    private static (SchemaInclusion Inclusion, string? Counterexample) Judge(JsonSchema part, JsonSchema whole)
    {
        // A counterexample settles it. It also guards the proof: what an instance contradicts is never called compatible.
        foreach (var instance in new InstanceSampler(part.Compiled, whole.Compiled).Samples())
        {
            var utf8 = Encoding.UTF8.GetBytes(instance);
            if (part.IsValid(utf8) && !whole.IsValid(utf8))
            {
                return (SchemaInclusion.Fails, instance);
            }
        }

        return (new InclusionProver(part.Compiled, whole.Compiled).Prove() ? SchemaInclusion.Holds : SchemaInclusion.Unknown, null);
    }
}
