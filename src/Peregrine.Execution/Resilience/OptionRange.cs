using System.Globalization;
using System.Numerics;

namespace Peregrine.Execution.Resilience;

/// <summary>Says which option is out of its range, what it is and what it may be.</summary>
internal static class OptionRange
{
    internal static void Check(ICollection<string> faults, TimeSpan value, TimeSpan least, TimeSpan most, string name)
    {
        if (value < least || value > most)
        {
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {value.TotalSeconds} s: it may be {least.TotalSeconds} s to {most.TotalSeconds} s."));
        }
    }

    internal static void Check<T>(ICollection<string> faults, T value, T least, T most, string name)
        where T : INumber<T>
    {
        if (!(value >= least && value <= most))
        {
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}: it may be {least} to {most}."));
        }
    }
}
