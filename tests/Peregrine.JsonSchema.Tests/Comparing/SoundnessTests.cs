using System.Text;
using Peregrine.JsonSchema.Comparing;
using Peregrine.JsonSchema.Tests.Ajv;

namespace Peregrine.JsonSchema.Tests.Comparing;

/// <summary>What the comparer says of generated pairs, held against instances that it has not seen, the validator as judge.</summary>
public sealed class SoundnessTests
{
    private const int InstancesEach = 60;

    [Fact]
    public void NothingIsCalledCompatibleThatAnInstanceContradicts() => Judge(pairs: 1_000, seed: 1);

    [Fact]
    [Trait("Category", "Slow")]
    public void NothingIsCalledCompatibleThatAnInstanceContradictsInTenThousandPairs() => Judge(pairs: 10_000, seed: 2);

    private static void Judge(int pairs, int seed)
    {
        var generator = new PairGenerator(seed);
        var changer = new SchemaChanger(seed, generator);
        var (proved, disproved, unknown) = (0, 0, 0);
        List<string> wrong = [];
        for (var i = 0; i < pairs; i++)
        {
            var (before, after) = Pair(generator, changer, i);
            SchemaComparison comparison;
            JsonSchema old, now;
            try
            {
                (old, now) = (JsonSchema.Compile(before), JsonSchema.Compile(after));
                comparison = SchemaComparer.Compare(before, after);
            }
            catch (JsonSchemaException)
            {
                // A change may take away what a reference names.
                continue;
            }

            foreach (var inclusion in new[] { comparison.TakesAllOld, comparison.TakesOnlyOld })
            {
                proved += inclusion == SchemaInclusion.Holds ? 1 : 0;
                disproved += inclusion == SchemaInclusion.Fails ? 1 : 0;
                unknown += inclusion == SchemaInclusion.Unknown ? 1 : 0;
            }

            if (comparison.RefusedNow is { } refused && !(old.IsValid(Encoding.UTF8.GetBytes(refused)) && !now.IsValid(Encoding.UTF8.GetBytes(refused))))
            {
                wrong.Add($"{refused} is no counterexample");
            }

            // The comparer asks its own samples first. The proof by itself must not need them.
            if ((comparison.TakesAllOld == SchemaInclusion.Fails && new InclusionProver(old.Compiled, now.Compiled).Prove())
                || (comparison.TakesOnlyOld == SchemaInclusion.Fails && new InclusionProver(now.Compiled, old.Compiled).Prove()))
            {
                wrong.Add($"{Encoding.UTF8.GetString(before)}\n  {Encoding.UTF8.GetString(after)}\n  proved, but {comparison.RefusedNow} or {comparison.TakenNow}");
            }

            for (var n = 0; n < InstancesEach; n++)
            {
                var instance = generator.Instance()?.ToJsonString() ?? "null";
                var utf8 = Encoding.UTF8.GetBytes(instance);
                var (was, isNow) = (old.IsValid(utf8), now.IsValid(utf8));
                if ((was && !isNow && comparison.TakesAllOld == SchemaInclusion.Holds) || (isNow && !was && comparison.TakesOnlyOld == SchemaInclusion.Holds))
                {
                    wrong.Add($"{Encoding.UTF8.GetString(before)}\n  {Encoding.UTF8.GetString(after)}\n  {comparison.Change}, but {instance}: {was}, {isNow}");
                    break;
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{proved} proved, {disproved} disproved, {unknown} unknown");
        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong, the shortest:\n{string.Join("\n", wrong.OrderBy(static w => w.Length).Take(3))}");

        // Saying "unknown" of everything would be sound too.
        Assert.True(proved > pairs / 2, $"{proved} of {2 * pairs} proved");
        Assert.True(unknown < pairs / 2, $"{unknown} of {2 * pairs} unknown");
    }

    private static (byte[] Before, byte[] After) Pair(PairGenerator generator, SchemaChanger changer, int number)
    {
        var before = generator.Schema();
        var after = number % 10 == 0 ? generator.Schema() : changer.Change(before);
        return (Encoding.UTF8.GetBytes(before.ToJsonString()), Encoding.UTF8.GetBytes(after.ToJsonString()));
    }
}
