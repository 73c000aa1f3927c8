/** Words of keys: an adjective and a noun, such as `amber-lantern`. Written for this; each once. */

export const adjectives: readonly string[] = (
  "amber ancient bitter blunt bold brave brief bright brisk broad calm careful cheap clear clever cold common " +
  "crisp crooked cruel curious damp dark deep dense dim dull dusty eager early easy elder empty even fair faint " +
  "famous fancy fierce firm flat fond formal frail free fresh frozen full gentle giant glad golden grand grave " +
  "great green grey happy hard harsh heavy hidden high hollow honest huge humble hungry icy idle jolly keen kind " +
  "large late lazy lean light little lively lonely long loose loud loyal lucky mellow merry mild misty modest " +
  "moody narrow near neat new noble noisy odd old open pale patient plain polite poor proud pure quick quiet rapid " +
  "rare raw ready red rich ripe rough round royal rusty sad salty scarlet secret shallow sharp short shy silent " +
  "silver simple slender slow small smooth soft solid sour spare steady steep stern still strange strict strong " +
  "sturdy subtle sudden sunny sweet swift tall tame tender thick thin tidy tiny tired tough true vast vivid warm " +
  "weak weary wet white whole wide wild wise wooden young zealous"
).split(" ");

export const nouns: readonly string[] = (
  "acorn anchor anvil apple apron arrow attic badge bakery barley barrel basin basket beacon beaver bell bench " +
  "berry blanket boat bonnet bottle bridge broom bucket buckle button cabin cable camel candle canoe canvas canyon " +
  "carpet castle cedar cellar chain chalk chapel cherry chest chimney cider clock cloud clover coach cobbler coin " +
  "comet compass copper coral cottage cradle crane cricket crown crystal curtain dagger daisy desert diamond ditch " +
  "dolphin donkey dragon drum eagle easel ember engine falcon farmer feather fence ferry fiddle field flute forest " +
  "fountain fox furnace garden garlic gate ginger glacier glove goose granite grape grove gull hammer harbor harp " +
  "hatchet hazel hedge helmet heron hill honey horse hotel igloo inlet iris iron island ivory jacket jaguar jelly " +
  "jewel jungle kettle kitchen kite ladder lagoon lamp lantern lattice lemon letter lily linen lion lobster locket " +
  "lumber magnet mantle maple marble market meadow medal melon mill mirror mitten monkey mountain mule museum " +
  "needle nest nickel notebook oak oasis oat ocean olive onion orchard otter oven owl oyster paddle palace parade " +
  "parrot pasture pearl pebble pencil pepper piano pigeon pillow pilot pine plank planet plum pocket pond porch " +
  "potato prairie puddle pump quarry quill quilt rabbit raft rain ranch raven reed ribbon river robin rocket roof " +
  "rope rose saddle sail salmon sandal satchel scarf school shell shovel spider spoon spruce stable statue stove " +
  "sugar swan table tailor temple thimble thistle thunder ticket tiger timber torch tower trumpet tulip tunnel " +
  "turtle umbrella valley vase velvet village violin wagon walnut waterfall weaver whale wheat whistle willow " +
  "window winter wolf yarn zebra"
).split(" ");
