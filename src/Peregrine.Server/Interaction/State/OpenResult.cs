namespace Peregrine.Server.Interaction.State;

/// <summary>What came of opening a sealed state.</summary>
internal enum OpenResult : byte
{
    /// <summary>It is genuine, for this request, and not too old.</summary>
    Opened,

    /// <summary>It was changed, or is of another request, caller or server. Which of these is nobody's business.</summary>
    Foreign,

    /// <summary>It is genuine but too old.</summary>
    Expired,
}
