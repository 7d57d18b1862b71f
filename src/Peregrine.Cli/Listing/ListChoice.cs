namespace Peregrine.Cli.Listing;

/// <summary>Which of a server's lists to show.</summary>
internal enum ListChoice
{
    Tools,
    Resources,
    Templates,
    Prompts,
    All,
}
