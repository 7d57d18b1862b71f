using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Peregrine.Server.Resources.Templates;

namespace Peregrine.Server.Tests.Resources.Templates;

/// <summary>URI templates: which URIs fit, and what they say.</summary>
public sealed class UriTemplateTests
{
    // Template; its variables that may be left out; those whose values are lists; characters that a value may not have raw there, for they end it.
    public static TheoryData<string, string, string, string> WellDefined => new()
    {
        { "test://template/{id}/data", "", "", "" },
        { "test://{a}/{b}", "", "", "" },
        { "test://{a}:{b}@{c}", "", "", "" },
        { "x:{a},{b}", "", "", "" },
        { "x:{a,b,c}", "", "", "" },
        { "x:{list*}", "", "list", "" },
        { "x:y{/a}", "a", "", "" },
        { "x:y{/a,b}", "b", "", "" },
        { "x:y{/a}{/b}{/c}/end", "", "", "" },
        { "x:y{/path*}", "path", "path", "" },
        { "x:{name}{.ext}", "ext", "", "." },
        { "x:y{.a,b}", "", "", "." },
        { "x:y{;a,b}", "a b", "", "" },
        { "x:y{;a,b}/z{?c}", "a b c", "", "" },
        { "x://h/p{?q,page,size}", "q page size", "", "" },
        { "x://h/{p}{?q,r,s*}", "q r s", "s", "" },
        { "x://h/p?fixed=1{&q}", "q", "", "" },
        { "x://h/{p}{?q}{#f}", "q f", "", "" },
        { "x:{+all}", "", "", "%" },
        { "x://h/{+path}{?q}", "q", "", "%?" },
        { "x:y{#frag}", "frag", "", "%" },
    };

    [Theory]
    [MemberData(nameof(WellDefined))]
    public void WhatWasExpandedIsFoundAgain(string text, string optional, string lists, string without)
    {
        Assert.True(UriTemplate.TryParse(text, out var template, out var fault), fault);
        var letters = Gen.Elements("aZ09-_~%/?#[]@!$&'()*+,;=: é€\U0001F985.".EnumerateRunes().Select(static rune => rune.ToString()).Where(rune => !without.Contains(rune, StringComparison.Ordinal)).ToArray());
        var word = Gen.Choose(1, 6).SelectMany(length => letters.ArrayOf(length)).Select(string.Concat);
        var names = template.Variables;
        var values = Gen.Choose(0, 7).SelectMany(mask => word.ArrayOf(names.Length * 3).Select(words => Choose(names, optional.Split(' '), lists.Split(' '), words, mask)));
        Prop.ForAll(values.ToArbitrary(), (Dictionary<string, string[]> given) =>
        {
            var uri = TemplateExpander.Expand(text, given);
            var found = Match(template, uri);
            return (found is not null && found.Count == given.Count && given.All(pair => found[pair.Key].SequenceEqual(pair.Value)))
                .Label($"{uri} gave {(found is null ? "nothing" : string.Join(' ', found.Select(static pair => $"{pair.Key}=[{string.Join('|', pair.Value)}]")))}");
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("test://template/{id}/data", "test://template/123/data", "id=123")]
    [InlineData("test://template/{id}/data", "test://template//data", null)]
    [InlineData("test://template/{id}/data", "test://template/1/2/data", null)]
    [InlineData("test://template/{id}/data", "test://template/1/data/", null)]
    [InlineData("test://template/{id}/data", "TEST://template/1/data", null)]
    [InlineData("test://template/{id}/data", "test://template/a%2Fb/data", "id=a/b")]
    [InlineData("test://template/{id}/data", "test://template/a%2/data", null)]
    [InlineData("test://template/{id}/data", "test://template/%ff/data", null)]
    [InlineData("test://template/{id}/data", "test://template/a b/data", null)]
    [InlineData("test://template/{id}/data", "test://template/user@host:1/data", "id=user@host:1")]
    [InlineData("test://template/{id}/data", "test://template/é/data", "id=é")]
    [InlineData("x:{a}-{b}", "x:1-2-3", "a=1-2 b=3")]
    [InlineData("x:{a}data", "x:datadata", "a=data")]
    [InlineData("x:{name}{.ext}", "x:file.tar.gz", "name=file ext=tar.gz")]
    [InlineData("x:{name}{.ext}", "x:file", "name=file")]
    [InlineData("x:y{/a,b}", "x:y", "")]
    [InlineData("x:y{/a,b}", "x:y/1", "a=1")]
    [InlineData("x:y{/a,b}", "x:y/1/", "a=1 b=")]
    [InlineData("x:y{/a,b}", "x:y/1/2/3", null)]
    [InlineData("files:///{+path}", "files:///a/b%20c/../d", "path=a/b c/../d")]
    [InlineData("files:///{+path}", "files:///", null)]
    [InlineData("x:p{?a,b}", "x:p", "")]
    [InlineData("x:p{?a,b}", "x:p?b=2&a=1", "b=2 a=1")]
    [InlineData("x:p{?a,b}", "x:p?a", "a=")]
    [InlineData("x:p{?a,b}", "x:p?a=1=2", "a=1=2")]
    [InlineData("x:p{?a,b}", "x:p?a=1&a=2", null)]
    [InlineData("x:p{?a,b}", "x:p?c=1", null)]
    [InlineData("x:p{?a,b}", "x:p?", null)]
    [InlineData("x:p{?a*}", "x:p?a=1&a=2", "a=1|2")]
    [InlineData("x:p{?a}", "x:p?a=1?2", "a=1?2")]
    [InlineData("x:p{?a}{#f}", "x:p?a=1#2", "a=1 f=2")]
    [InlineData("x:p{;a}/q", "x:p;a=1/q", "a=1")]
    [InlineData("x:p{;a}/q", "x:p/q", "")]
    [InlineData("x:plain", "x:plain", "")]
    [InlineData("x:plain", "x:plainer", null)]
    public void Matches(string text, string uri, string? expected)
    {
        Assert.True(UriTemplate.TryParse(text, out var template, out var fault), fault);

        var found = Match(template, uri);

        Assert.Equal(expected, found is null ? null : string.Join(' ', found.Select(static pair => $"{pair.Key}={string.Join('|', pair.Value)}")));
    }

    [Theory]
    [InlineData("", "characters")]
    [InlineData("x:{a", "is not closed")]
    [InlineData("x:a}", "may not stand in a URI")]
    [InlineData("x:a b", "may not stand in a URI")]
    [InlineData("x:{}", "must be a list of names")]
    [InlineData("x:{a b}", "must be a list of names")]
    [InlineData("x:{a,}", "must be a list of names")]
    [InlineData("x:{a**}", "must be a list of names")]
    [InlineData("x:{!a}", "must be a list of names")]
    [InlineData("x:{a{b}}", "must be a list of names")]
    [InlineData("x:{a:3}", "a part of a value")]
    [InlineData("x:{+a*}", "cannot be told apart")]
    [InlineData("x:{a}/{a}", "is there twice")]
    [InlineData("x:{a}{b}", "nothing stands between \"a\" and \"b\"")]
    [InlineData("x:{a}{+b}", "nothing stands between \"a\" and \"b\"")]
    [InlineData("x:{?a}/b", "must begin with \"#\"")]
    [InlineData("x:{?a}{b}", "must begin with \"#\"")]
    [InlineData("x:{?a}{&b}", "belong into one list")]
    [InlineData("x:{;a}b", "must begin with \"/\"")]
    public void ATemplateThatCannotBeMatchedIsRefusedWithItsFault(string text, string fault)
    {
        Assert.False(UriTemplate.TryParse(text, out _, out var found));
        Assert.Contains(fault, found, StringComparison.Ordinal);
    }

    [Fact]
    public void TooLongOrTooManyVariablesAreRefused()
    {
        Assert.False(UriTemplate.TryParse("x:" + new string('a', 3000), out _, out _));
        Assert.False(UriTemplate.TryParse("x:" + string.Concat(Enumerable.Range(0, 40).Select(static i => $"/{{v{i}}}")), out _, out _));
    }

    [Theory]
    [InlineData("x:{a}a{b}a{c}a{d}a{e}a{f}a{g}a{h}b", 'a')]
    [InlineData("x:{a*},{b*},{c*},{d*},{e*}!", ',')]
    [InlineData("x:y{/a*}{/b*}{/c*}!", '/')]
    [InlineData("x:{+a}/{+b}/{+c}/{+d}!", '/')]
    [InlineData("x:y{?a*}", '?')]
    [InlineData("x:y{?a*}", '&')]
    public void TimeGrowsNoFasterThanTheUri(string text, char filler)
    {
        Assert.True(UriTemplate.TryParse(text, out var template, out var fault), fault);

        // Backtracking would take longer than the universe lasts; in proportion this is milliseconds. The guard is far above and far below.
        var started = Stopwatch.StartNew();
        Assert.False(template.TryMatch(Encoding.UTF8.GetBytes("x:y" + new string(filler, 60_000)), out _));
        Assert.True(started.Elapsed < TimeSpan.FromSeconds(20));
    }

    private static Dictionary<string, string[]>? Match(UriTemplate template, string uri) =>
        template.TryMatch(Encoding.UTF8.GetBytes(uri), out var variables) ? variables.ToDictionary(static matched => matched.Variable.Name, static matched => matched.Values) : null;

    // Of the optional variables those that the mask leaves; lists have one to three elements. Of several in a row without names the first ones must be there, else they cannot be told apart.
    private static Dictionary<string, string[]> Choose(IReadOnlyList<string> names, string[] optional, string[] lists, string[] words, int mask)
    {
        Dictionary<string, string[]> chosen = [];
        for (var i = 0; i < names.Count; i++)
        {
            if (!optional.Contains(names[i]) || (mask & (1 << (i % 3))) != 0)
            {
                chosen[names[i]] = lists.Contains(names[i]) ? words[(i * 3)..((i * 3) + 1 + (mask % 3))] : [words[i * 3]];
            }
        }

        return chosen;
    }
}
