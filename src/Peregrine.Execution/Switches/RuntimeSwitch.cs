namespace Peregrine.Execution.Switches;

/// <summary>
/// Turns one feature on or off while the process runs, for all calls or for a share of them. Reading it costs one read of memory. Thread-safe; a change holds for calls that begin after it.
/// </summary>
public sealed class RuntimeSwitch
{
    private const int Whole = 100;

    private int _percent;
    private int _turn;

    /// <summary>Makes a switch.</summary>
    /// <param name="name">Its name: letters, digits, dots and hyphens.</param>
    /// <param name="description">What it turns on or off, one sentence.</param>
    /// <param name="isOn">How it begins. Default: on.</param>
    public RuntimeSwitch(string name, string description, bool isOn = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(description);
        Name = name;
        Description = description;
        _percent = isOn ? Whole : 0;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>What it turns on or off.</summary>
    public string Description { get; }

    /// <summary>True where it is on, be it for a share of the calls only.</summary>
    public bool IsOn => Volatile.Read(ref _percent) > 0;

    /// <summary>For how many of a hundred calls it is on. 0 to 100.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int Percent
    {
        get => Volatile.Read(ref _percent);
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Whole);
            if (Interlocked.Exchange(ref _percent, value) != value)
            {
                Changed?.Invoke(this);
            }
        }
    }

    /// <summary>Called after a change, on the thread that made it.</summary>
    public event Action<RuntimeSwitch>? Changed;

    /// <summary>Turns it on for all calls.</summary>
    public void TurnOn() => Percent = Whole;

    /// <summary>Turns it off for all calls.</summary>
    public void TurnOff() => Percent = 0;

    /// <summary>Decides for one call. Where it is on for a share, every hundred calls in a row have exactly that share.</summary>
    public bool Decide()
    {
        var percent = Volatile.Read(ref _percent);
        return percent switch
        {
            Whole => true,
            0 => false,

            // 37 is prime to 100: the share is spread over the hundred instead of coming in one run.
            _ => (uint)Interlocked.Add(ref _turn, 37) % Whole < (uint)percent,
        };
    }
}
