/** A meaning that a column can have, under the name by which `--columns` maps it. */
export type Field =
  | 'time'
  | 'open'
  | 'high'
  | 'low'
  | 'close'
  | 'volume'
  | 'rate'
  | 'interval'
  | 'openInterest'
  | 'price'
  | 'quantity'
  | 'side'
  | 'buyerMaker'
  | 'bid'
  | 'bidSize'
  | 'ask'
  | 'askSize'
  | 'action'
  | 'firstId'
  | 'lastId'
  | 'previousId'
  | 'listed'
  | 'symbol';

/** Names in use for each field, likeliest first, in lower case without punctuation. */
export const FIELD_NAMES: Readonly<Record<Field, readonly string[]>> = {
  time: [
    'opentime',
    'ts',
    'timestamp',
    'time',
    'datetime',
    'date',
    'fundingtime',
    'fundingratetimestamp',
    'calctime',
    'transacttime',
    'transactiontime',
    'tradetime',
    'createtime',
    'startat',
    'starttime',
    'start',
    'begin',
    'unix',
    'unixtimestamp',
    'epoch',
    'closetime',
    'endtime',
    'eventtime',
    'timeutc',
    'dateutc',
    'gmttime',
    'localtimestamp',
    't',
  ],
  open: ['open', 'openprice', 'o', 'priceopen', 'markopen', 'indexopen'],
  high: ['high', 'highprice', 'h', 'max', 'pricehigh', 'markhigh', 'indexhigh'],
  low: ['low', 'lowprice', 'l', 'min', 'pricelow', 'marklow', 'indexlow'],
  close: ['close', 'closeprice', 'c', 'last', 'priceclose', 'markclose', 'indexclose'],
  volume: ['volume', 'vol', 'v', 'basevolume', 'volumebase', 'baseassetvolume', 'volumecoin', 'vol24h'],
  rate: ['rate', 'fundingrate', 'lastfundingrate', 'funding', 'realizedrate', 'fundingratereal'],
  interval: ['interval', 'fundinginterval', 'fundingintervalhours', 'intervalhours'],
  openInterest: ['openinterest', 'sumopeninterest', 'oi', 'openinterestbase', 'openinterestamount'],
  price: ['price', 'markprice', 'indexprice', 'mark', 'index', 'p', 'tradeprice', 'value'],
  quantity: ['quantity', 'qty', 'size', 'amount', 'q', 'basesize', 'baseqty', 'lastsize'],
  side: ['side', 'takerside', 'direction', 'aggressor', 's'],
  buyerMaker: ['isbuyermaker', 'buyermaker', 'm', 'wasthebuyerthemaker'],
  bid: ['bid', 'bidprice', 'bestbidprice', 'bestbid', 'bidclose', 'b'],
  bidSize: ['bidqty', 'bidsize', 'bidquantity', 'bestbidqty', 'bestbidsize', 'bidamount'],
  ask: ['ask', 'askprice', 'bestaskprice', 'bestask', 'askclose', 'a'],
  askSize: ['askqty', 'asksize', 'askquantity', 'bestaskqty', 'bestasksize', 'askamount'],
  action: ['kind', 'action', 'type', 'updatetype', 'issnapshot', 'snapshot'],
  firstId: ['firstid', 'firstupdateid'],
  lastId: ['lastid', 'lastupdateid', 'finalupdateid', 'updateid'],
  previousId: ['previd', 'previousid', 'prevupdateid', 'previousupdateid', 'pu'],
  listed: ['listed', 'islisted', 'member', 'active'],
  symbol: ['symbol', 'instrument', 'pair', 'market', 'ticker', 'instid', 'contractcode'],
};

/** `Funding Rate` → `fundingrate`. */
export const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

const FIELDS = new Set<string>(Object.keys(FIELD_NAMES));
export const isField = (name: string): name is Field => FIELDS.has(name);

/** Position of the first column that carries one of the field's names, in the names' order. */
export const columnOf = (field: Field, plainHeader: readonly string[]): number | undefined => {
  for (const name of FIELD_NAMES[field]) {
    const index = plainHeader.indexOf(name);
    if (index >= 0) return index;
  }
  return undefined;
};

/** Names of a column that says when the recorder received a message; it is no field of a series. */
const RECEIVED_NAMES = [
  'recvns',
  'recvtime',
  'recv',
  'receivedns',
  'receivedat',
  'received',
  'receivetime',
  'localtimestamp',
  'localtime',
  'localts',
];

/** Position of the column of receive times, beside the one of the venue's times. */
export const receivedColumn = (plainHeader: readonly string[], time: number | undefined): number | undefined =>
  RECEIVED_NAMES.map(name => plainHeader.indexOf(name)).find(index => index >= 0 && index !== time);
